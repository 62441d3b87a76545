#include "common/http/session.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr size_t kSmallBuffer = 4 * 1024;
constexpr size_t kLargeBuffer = 32 * 1024;
// Bytes that chunk headers may take, beside eight times the body: one-byte chunks are within it, endless extensions
// not.
constexpr size_t kChunkOverhead = 16 * 1024;
// How much of a refused request is read and thrown away, so that the answer is not lost in a reset.
constexpr size_t kMaxLinger = 1024 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Session::Session(asio::ip::tcp::socket socket, std::string client, Worker& worker)
    : worker_(worker), socket_(std::move(socket)), client_(std::move(client)) {}

Session::~Session() {
  worker_.Forget(this);
  boost::system::error_code ignored;
  socket_.close(ignored);
  worker_.state().connections.Remove(client_);
}

void Session::Enter(State state, absl::Duration limit) {
  state_ = state;
  deadline_ =
      limit == absl::InfiniteDuration() ? Clock::time_point::max() : Clock::now() + absl::ToChronoNanoseconds(limit);
}

void Session::Start() {
  // A connection that never sends a byte has the time of a head, not that of an idle one.
  Enter(State::kHead, worker_.state().limits.read_head);
  Read();
}

void Session::Read() {
  if (reading_ || input_ended_ || state_ == State::kClosed) return;
  if (begin_ == end_) begin_ = end_ = 0;
  if (begin_ > 0 && end_ == buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) {
    if (buffer_.size() >= kLargeBuffer) return;  // full: the client waits
    buffer_.resize(buffer_.empty() ? kSmallBuffer : kLargeBuffer);
  }
  reading_ = true;
  socket_.async_read_some(
      asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
      [self = shared_from_this()](const boost::system::error_code& error, size_t size) { self->OnRead(error, size); });
}

void Session::OnRead(const boost::system::error_code& error, size_t size) {
  reading_ = false;
  if (state_ == State::kClosed) return;
  if (error) return OnEndOfInput();
  if (state_ == State::kLingering) {
    body_bytes_ += size;
    if (body_bytes_ > kMaxLinger) return Close();
    return Read();
  }
  end_ += size;
  Advance();
}

void Session::OnEndOfInput() {
  input_ended_ = true;
  if (state_ == State::kAnswering) {
    // The answer is still tried: the client may have closed only its own direction.
    end_when_idle_ = true;
    if (on_gone_) std::exchange(on_gone_, nullptr)();
    return;
  }
  if (state_ != State::kWriting) Close();
}

void Session::Advance() {
  switch (state_) {
    case State::kIdle:
      if (!Unread().empty()) {
        Enter(State::kHead, worker_.state().limits.read_head);
        ReadHead();
      } else {
        Read();
      }
      return;
    case State::kHead:
      return ReadHead();
    case State::kBody:
      return ReadBody();
    case State::kAnswering:
      return Read();
    default:
      return;
  }
}

void Session::ReadHead() {
  // One empty line before a request is left over from an older client's body (RFC 9112 section 2.2).
  if (scanned_ == 0 && Unread().substr(0, 2) == "\r\n") begin_ += 2;
  if (Unread() == "\r" || Unread().empty()) return Read();
  const HeadEnd end = FindHeadEnd(Unread(), worker_.state().limits, &scanned_);
  switch (end.state) {
    case HeadEnd::State::kComplete:
      return OnHead(end.size);
    case HeadEnd::State::kRefused:
      return Refuse(end.refusal);
    case HeadEnd::State::kNeedMore:
      if (input_ended_) return Close();
      return Read();
  }
}

void Session::OnHead(size_t size) {
  const std::string_view bytes = Unread().substr(0, size);
  request_ = Request();
  request_.head_bytes.assign(bytes.begin(), bytes.end());
  request_.peer = client_;
  begin_ += size;
  scanned_ = 0;
  auto parsed = ParseHead({request_.head_bytes.data(), size}, worker_.state().limits);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    request_.head_bytes.clear();
    return Refuse(*refusal);
  }
  request_.head = std::move(std::get<RequestHead>(parsed));
  answers_head_ = request_.head.method == "HEAD";
  if (!request_.head.has_body()) return Deliver();
  BeginBody();
}

void Session::BeginBody() {
  const Limits& limits = worker_.state().limits;
  body_limit_ = worker_.state().handler.BodyLimit(request_.head, limits.body);
  if (request_.head.content_length.value_or(0) > body_limit_) return Refuse({413, "the body is too large"});
  body_bytes_ = 0;
  parser_ = std::make_unique<BodyParser>();
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(limits.request_line + limits.headers + 1024));
  parser_->body_limit(body_limit_);
  beast::error_code error;
  parser_->put(asio::buffer(request_.head_bytes), error);
  // Two readings of one head must agree before its body is believed.
  const bool agrees = parser_->is_header_done() && parser_->chunked() == request_.head.chunked;
  if ((error && error != beast::http::error::need_more) || !agrees) return Refuse({400, "the head is malformed"});
  Enter(State::kBody, limits.read_body);
  if (request_.head.expects_continue && Unread().empty()) {
    asio::async_write(socket_, asio::buffer(kContinue),
                      [self = shared_from_this()](const boost::system::error_code& failed, size_t) {
                        if (failed) self->Close();
                      });
  }
  ReadBody();
}

void Session::ReadBody() {
  while (!parser_->is_done() && !Unread().empty()) {
    beast::error_code error;
    const size_t used = parser_->put(asio::buffer(Unread().data(), Unread().size()), error);
    begin_ += used;
    body_bytes_ += used;
    if (error == beast::http::error::need_more) {
      if (Unread().size() >= kLargeBuffer / 2) return Refuse({400, "a chunk header is too large"});
      break;
    }
    if (error == beast::http::error::body_limit) return Refuse({413, "the body is too large"});
    if (error) return Refuse({400, "the body is malformed"});
    if (body_bytes_ > 8 * body_limit_ + kChunkOverhead) return Refuse({400, "the chunks are malformed"});
  }
  if (!parser_->is_done()) return Read();
  request_.body = std::move(parser_->get().body());
  parser_.reset();
  Deliver();
}

void Session::Deliver() {
  ServerState& server = worker_.state();
  if (server.in_flight.fetch_add(1) >= server.limits.in_flight) {
    server.in_flight.fetch_sub(1);
    const bool keep_alive = request_.head.keep_alive;
    Response response = server.handler.Refuse(&request_.head, {503, "the server is busy"});
    response.close = response.close || !keep_alive;
    return Write(std::move(response));
  }
  in_flight_ = true;
  Enter(State::kAnswering, absl::InfiniteDuration());
  Responder responder(shared_from_this());
  if (!request_.head.keep_alive) end_when_idle_ = true;
  server.handler.Handle(std::move(request_), std::move(responder));
  if (state_ == State::kAnswering) Read();
}

void Session::Answer(std::shared_ptr<Session> session, Response response) {
  Session& self = *session;
  asio::dispatch(self.socket_.get_executor(), [session = std::move(session), response = std::move(response)]() mutable {
    session->TakeAnswer(std::move(response));
  });
}

void Session::Dropped(std::shared_ptr<Session> session) {
  Session& self = *session;
  asio::dispatch(self.socket_.get_executor(), [session = std::move(session)] {
    session->TakeAnswer(session->worker_.state().handler.Refuse(nullptr, {500, "the request was not answered"}));
  });
}

void Session::TakeAnswer(Response response) {
  if (std::exchange(in_flight_, false)) worker_.state().in_flight.fetch_sub(1);
  on_gone_ = nullptr;
  if (state_ == State::kAnswering) Write(std::move(response));
}

void Session::Refuse(const Refusal& refusal) {
  const bool has_head = !request_.head_bytes.empty();
  Response response = worker_.state().handler.Refuse(has_head ? &request_.head : nullptr, refusal);
  response.close = true;
  parser_.reset();
  Write(std::move(response));
}

void Session::Write(Response response) {
  close_after_write_ = response.close || end_when_idle_ || worker_.state().closing.load(std::memory_order_relaxed);
  written_body_ = std::move(response.body);
  written_head_.clear();
  absl::StrAppend(&written_head_, "HTTP/1.1 ", response.status(), " ",
                  absl::string_view(ReasonPhrase(response.status()).data(), ReasonPhrase(response.status()).size()),
                  "\r\nDate: ", worker_.Date(), "\r\n", response.header_lines());
  const bool has_length = response.status() != 204 && response.status() != 304;
  if (has_length) absl::StrAppend(&written_head_, "Content-Length: ", written_body_.size(), "\r\n");
  written_head_.append(close_after_write_ ? "Connection: close\r\n\r\n" : "\r\n");
  if (answers_head_ || !has_length) written_body_.clear();
  Enter(State::kWriting, worker_.state().limits.write_stall);
  const std::array<asio::const_buffer, 2> parts = {asio::buffer(written_head_), asio::buffer(written_body_)};
  asio::async_write(socket_, parts, [self = shared_from_this()](const boost::system::error_code& error, size_t) {
    self->OnWritten(error);
  });
}

void Session::OnWritten(const boost::system::error_code& error) {
  if (state_ == State::kClosed) return;
  if (error) return Close();
  written_body_ = std::string();
  if (close_after_write_) return Linger();
  answers_head_ = false;
  request_ = Request();
  if (Unread().empty() && !reading_ && buffer_.size() > kSmallBuffer) {
    buffer_ = std::vector<char>();
    begin_ = end_ = 0;
  }
  Enter(State::kIdle, worker_.state().limits.idle);
  if (input_ended_ && Unread().empty()) return Close();
  Advance();
}

void Session::Linger() {
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (input_ended_) return Close();
  begin_ = end_ = body_bytes_ = 0;
  Enter(State::kLingering, worker_.state().limits.linger);
  Read();
}

void Session::OnDeadline() {
  switch (state_) {
    case State::kHead:
      if (Unread().empty()) return Close();
      return Refuse({408, "the head did not arrive in time"});
    case State::kBody:
      return Refuse({408, "the body did not arrive in time"});
    default:
      return Close();
  }
}

void Session::EndWhenIdle() {
  end_when_idle_ = true;
  if (state_ == State::kIdle || (state_ == State::kHead && Unread().empty())) Close();
}

void Session::Close() {
  if (state_ == State::kClosed) return;
  const bool was_answering = state_ == State::kAnswering;
  Enter(State::kClosed, absl::InfiniteDuration());
  if (was_answering && on_gone_) std::exchange(on_gone_, nullptr)();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace http
