#include "common/http/session.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace http {
namespace {

namespace asio = boost::asio;

constexpr size_t kSmallBuffer = 4 * 1024;
constexpr size_t kLargeBuffer = 32 * 1024;
// How much of a refused request is read and thrown away, so that the answer is not lost in a reset.
constexpr size_t kMaxLinger = 1024 * 1024;
constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Session::Session(asio::ip::tcp::socket socket, std::string client, Worker& worker)
    : worker_(worker), transport_(std::move(socket), worker.state().TlsContext()), client_(std::move(client)) {}

Session::~Session() {
  worker_.Forget(this);
  transport_.Close();
  worker_.state().counts->connections.Remove(worker_.state().KeyOf(client_));
}

void Session::Enter(State state, absl::Duration limit) {
  state_ = state;
  deadline_ =
      limit == absl::InfiniteDuration() ? Clock::time_point::max() : Clock::now() + absl::ToChronoNanoseconds(limit);
}

Session::Clock::time_point Session::deadline(bool memory_is_short) const {
  if (!memory_is_short) return deadline_;
  const Limits& limits = worker_.state().limits;
  const bool is_stalled = (state_ == State::kWriting || state_ == State::kStreaming) && !output_.empty();
  if (!is_stalled || limits.write_stall <= limits.short_stall) return deadline_;
  return deadline_ - absl::ToChronoNanoseconds(limits.write_stall - limits.short_stall);
}

void Session::Start() {
  if (transport_.is_tls()) return Handshake();
  // A connection that never sends a byte has the time of a head, not that of an idle one.
  Enter(State::kHead, worker_.state().limits.read_head);
  Read();
}

void Session::Handshake() {
  Enter(State::kHandshake, worker_.state().limits.read_head);
  transport_.Handshake([self = shared_from_this()](const boost::system::error_code& error) {
    if (self->state_ != State::kHandshake) return;
    if (error) return self->Close();
    self->Enter(State::kHead, self->worker_.state().limits.read_head);
    self->Read();
  });
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
  transport_.ReadSome(
      asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
      [self = shared_from_this()](const boost::system::error_code& error, size_t size) { self->OnRead(error, size); });
}

void Session::OnRead(const boost::system::error_code& error, size_t size) {
  reading_ = false;
  if (state_ == State::kClosed) return;
  if (error) return OnEndOfInput();
  if (state_ == State::kLingering) return DiscardInput();
  end_ += size;
  Advance();
}

void Session::OnEndOfInput() {
  input_ended_ = true;
  if (state_ == State::kAnswering) {
    // The answer is still tried: the client may have closed only its own direction.
    end_when_idle_ = true;
    return TellGone();
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
    case State::kStreaming:
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
  is_http_1_0_ = request_.head.minor_version == 0;
  if (!request_.head.has_body()) return Deliver();
  BeginBody();
}

void Session::BeginBody() {
  const Limits& limits = worker_.state().limits;
  body_.emplace(worker_.state().handler.BodyLimit(request_.head, limits.body), limits);
  const std::string_view head_bytes(request_.head_bytes.data(), request_.head_bytes.size());
  if (const std::optional<Refusal> refusal = body_->Start(request_.head, head_bytes)) return Refuse(*refusal);
  Enter(State::kBody, limits.read_body);
  if (request_.head.expects_continue && Unread().empty()) {
    output_.Push(kContinue);
    Flush();
  }
  ReadBody();
}

void Session::ReadBody() {
  std::string_view unread = Unread();
  const std::optional<Refusal> refusal = body_->Put(&unread);
  begin_ = end_ - unread.size();
  if (refusal) return Refuse(*refusal);
  if (!body_->is_done()) return Read();
  request_.body = body_->TakeBody();
  body_.reset();
  Deliver();
}

void Session::Deliver() {
  if (!Admit()) return;
  Enter(State::kAnswering, absl::InfiniteDuration());
  Responder responder(shared_from_this());
  if (!request_.head.keep_alive) end_when_idle_ = true;
  worker_.state().handler.Handle(std::move(request_), std::move(responder));
  if (state_ == State::kAnswering) Read();
}

bool Session::Admit() {
  ServerState& server = worker_.state();
  if (server.counts->in_flight.fetch_add(1) >= server.limits.in_flight) {
    server.counts->in_flight.fetch_sub(1);
    server.counts->shed_busy.Add();
    Shed({503, "the server is busy"});
    return false;
  }
  in_flight_ = true;
  if (server.trusted_peers.empty()) return true;
  std::vector<std::string_view> forwarded;
  for (const HeaderField& field : request_.head.fields) {
    if (IsNamed(field, "x-forwarded-for")) forwarded.push_back(field.value);
  }
  request_.peer = ClientAddress(client_, forwarded, server.trusted_peers);
  if (request_.peer == client_) return true;
  std::string key = ClientKey(request_.peer);
  if (!server.forwarded.Add(key, server.limits.connections_per_client)) {
    Discharge();
    server.counts->shed_client.Add();
    Shed({429, "too many requests of this client are under way"});
    return false;
  }
  counted_client_ = std::move(key);
  return true;
}

void Session::Discharge() {
  ServerState& server = worker_.state();
  if (!counted_client_.empty()) server.forwarded.Remove(std::exchange(counted_client_, std::string()));
  if (std::exchange(in_flight_, false)) server.counts->in_flight.fetch_sub(1);
  if (std::exchange(counts_stream_, false)) server.counts->streams.fetch_sub(1);
}

void Session::Answer(std::shared_ptr<Session> session, Response response) {
  Session& self = *session;
  asio::dispatch(self.transport_.socket().get_executor(),
                 [session = std::move(session), response = std::move(response)]() mutable {
                   session->TakeAnswer(std::move(response));
                 });
}

void Session::Dropped(std::shared_ptr<Session> session) {
  Session& self = *session;
  asio::dispatch(self.transport_.socket().get_executor(), [session = std::move(session)] {
    session->TakeAnswer(
        session->worker_.state().handler.Refuse(nullptr, {500, "the request was not answered", session->client_}));
  });
}

void Session::TakeAnswer(Response response) {
  Discharge();
  on_gone_ = nullptr;
  if (state_ == State::kAnswering) Write(std::move(response));
}

void Session::Refuse(const Refusal& refusal) {
  const bool has_head = !request_.head_bytes.empty();
  Response response =
      worker_.state().handler.Refuse(has_head ? &request_.head : nullptr, {refusal.status, refusal.detail, client_});
  response.close = true;
  body_.reset();
  Write(std::move(response));
}

void Session::Shed(const Refusal& refusal) {
  const bool keep_alive = request_.head.keep_alive;
  Response response = worker_.state().handler.Refuse(&request_.head, {refusal.status, refusal.detail, request_.peer});
  response.close = response.close || !keep_alive;
  Write(std::move(response));
}

void Session::Write(Response response) {
  close_after_write_ = response.close || end_when_idle_ || worker_.state().closing.load(std::memory_order_relaxed);
  const bool has_length = response.status() != 204 && response.status() != 304;
  output_.Push(HeadOf(response, has_length ? absl::StrCat("Content-Length: ", response.body.size(), "\r\n") : ""));
  if (has_length && !answers_head_) output_.Push(std::move(response.body));
  Enter(State::kWriting, worker_.state().limits.write_stall);
  Flush();
}

std::string Session::HeadOf(const Response& response, std::string_view framing) {
  const std::string_view reason = ReasonPhrase(response.status());
  return absl::StrCat("HTTP/1.1 ", response.status(), " ", absl::string_view(reason.data(), reason.size()),
                      "\r\nDate: ", worker_.Date(), "\r\n", response.header_lines(),
                      absl::string_view(framing.data(), framing.size()),
                      close_after_write_ ? "Connection: close\r\n\r\n" : "\r\n");
}

void Session::Flush() {
  if (writing_ || output_.empty() || state_ == State::kClosed) return;
  writing_ = true;
  transport_.WriteSome(output_.Front(), [self = shared_from_this()](const boost::system::error_code& error,
                                                                    size_t size) { self->OnWritten(error, size); });
}

void Session::OnWritten(const boost::system::error_code& error, size_t size) {
  writing_ = false;
  if (state_ == State::kClosed) return;
  if (error) return Close();
  output_.Consume(size);
  if (state_ == State::kStreaming) return OnStreamWritten();
  if (!output_.empty()) {
    // Time is counted from the last byte that the client took.
    if (state_ == State::kWriting) Enter(State::kWriting, worker_.state().limits.write_stall);
    return Flush();
  }
  if (state_ == State::kWriting) OnAnswerWritten();
}

void Session::OnAnswerWritten() {
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
  Enter(State::kLingering, worker_.state().limits.linger);
  lingered_ = 0;
  if (!transport_.is_tls()) return DiscardInput();
  // The peer's own alert is waited for at most until the deadline.
  transport_.EndTls([self = shared_from_this()](const boost::system::error_code& error) {
    const bool has_ended = !error || error == asio::error::eof || error == asio::ssl::error::stream_truncated;
    if (has_ended) return self->Close();
    self->DiscardInput();
  });
}

void Session::DiscardInput() {
  if (state_ != State::kLingering) return;
  if (lingered_ == 0) transport_.ShutdownSend();
  if (input_ended_ || lingered_ > kMaxLinger) return Close();
  if (reading_) return;
  reading_ = true;
  if (buffer_.empty()) buffer_.resize(kSmallBuffer);
  transport_.ReadUnread(asio::buffer(buffer_),
                        [self = shared_from_this()](const boost::system::error_code& error, size_t size) {
                          self->reading_ = false;
                          if (error) return self->Close();
                          self->lingered_ += size;
                          self->DiscardInput();
                        });
}

void Session::OnDeadline() {
  switch (state_) {
    case State::kHead:
      if (Unread().empty()) return Close();
      return Refuse({408, "the head did not arrive in time"});
    case State::kBody:
      return Refuse({408, "the body did not arrive in time"});
    case State::kStreaming:
      return OnStreamDeadline();
    default:
      return Close();
  }
}

void Session::EndWhenIdle() {
  end_when_idle_ = true;
  const bool is_idle =
      state_ == State::kIdle || state_ == State::kHandshake || (state_ == State::kHead && Unread().empty());
  if (is_idle) Close();
}

void Session::TellGone() {
  if (on_gone_) std::exchange(on_gone_, nullptr)();
}

void Session::Close() {
  if (state_ == State::kClosed) return;
  const bool owes_answer = state_ == State::kAnswering || state_ == State::kStreaming;
  Enter(State::kClosed, absl::InfiniteDuration());
  stream_.reset();
  if (owes_answer) TellGone();
  transport_.Close();
}

}  // namespace http
