// The part of a session that sends answers without a known end.
#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/http/session.h"

namespace http {
namespace {

namespace asio = boost::asio;

constexpr char kLastChunk[] = "0\r\n\r\n";

}  // namespace

std::shared_ptr<StreamState> Session::BeginStream(const std::shared_ptr<Session>& session, StreamOptions options) {
  ServerState& server = session->worker_.state();
  if (server.counts->streams.fetch_add(1) >= server.limits.streams) {
    server.counts->streams.fetch_sub(1);
    server.counts->shed_streams.Add();
    return nullptr;
  }
  auto state = std::make_shared<StreamState>();
  state->options = std::move(options);
  asio::dispatch(session->transport_.socket().get_executor(), [session, state] { session->StartStreaming(state); });
  return state;
}

void Session::StartStreaming(std::shared_ptr<StreamState> stream) {
  worker_.state().counts->in_flight.fetch_sub(1);
  in_flight_ = false;
  counts_stream_ = true;
  if (state_ != State::kAnswering) return;
  stream_ = std::move(stream);
  stream_->is_chunked = !is_http_1_0_;
  Enter(State::kStreaming, stream_->options.hold_head);
  if (input_ended_) return Close();
  Read();
}

void Session::WriteStream(const std::shared_ptr<Session>& session, const StreamStatePtr& state, std::string bytes,
                          std::function<void()> ready) {
  asio::dispatch(session->transport_.socket().get_executor(),
                 [session, state, bytes = std::move(bytes), ready = std::move(ready)]() mutable {
                   if (session->stream_ != state) return;
                   session->SendStreamHead();
                   if (session->stream_ != state) return;
                   session->SendStreamBytes(std::move(bytes));
                   state->ready = std::move(ready);
                   session->OnStreamWritten();
                 });
}

void Session::ReplaceStreamHead(const std::shared_ptr<Session>& session, const StreamStatePtr& state, Response head) {
  asio::dispatch(session->transport_.socket().get_executor(), [session, state, head = std::move(head)]() mutable {
    if (session->stream_ == state) state->options.head = std::move(head);
  });
}

void Session::ReleaseStreamHead(const std::shared_ptr<Session>& session, const StreamStatePtr& state,
                                absl::Duration delay) {
  asio::dispatch(session->transport_.socket().get_executor(), [session, state, delay] {
    if (session->stream_ != state || state->head_sent) return;
    session->deadline_ = std::min(session->deadline_, Clock::now() + absl::ToChronoNanoseconds(delay));
  });
}

void Session::EndStream(const std::shared_ptr<Session>& session, std::optional<Response> instead,
                        std::optional<std::string> last) {
  asio::dispatch(session->transport_.socket().get_executor(),
                 [session, instead = std::move(instead), last = std::move(last)]() mutable {
                   session->FinishStream(std::move(instead), std::move(last));
                 });
}

void Session::LetGo(std::shared_ptr<Session> session) {
  Session& self = *session;
  asio::dispatch(self.transport_.socket().get_executor(), [session = std::move(session)] {});
}

void Session::FinishStream(std::optional<Response> instead, std::optional<std::string> last) {
  Discharge();
  on_gone_ = nullptr;
  if (state_ != State::kStreaming) return;
  if (!stream_->head_sent && instead) {
    stream_.reset();
    return Write(*std::move(instead));
  }
  if (!last) return CutOffStream();
  SendStreamHead();
  if (state_ != State::kStreaming) return;
  SendStreamBytes(*std::move(last));
  if (stream_->is_chunked) output_.Push(kLastChunk);
  close_after_write_ = close_after_write_ || end_when_idle_;
  stream_.reset();
  Enter(State::kWriting, worker_.state().limits.write_stall);
  if (output_.empty()) return OnAnswerWritten();
  Flush();
}

void Session::CutOffStream() {
  stream_.reset();
  close_after_write_ = true;
  Enter(State::kWriting, worker_.state().limits.write_stall);
  if (output_.empty()) return Close();
  Flush();
}

void Session::SendStreamHead() {
  if (std::exchange(stream_->head_sent, true)) return;
  close_after_write_ = !stream_->is_chunked || answers_head_ || end_when_idle_ || worker_.state().closing.load();
  output_.Push(HeadOf(stream_->options.head, stream_->is_chunked ? "Transfer-Encoding: chunked\r\n" : ""));
  if (answers_head_) {
    // HEAD wants to know that there is a stream, not what is in it.
    stream_.reset();
    Enter(State::kWriting, worker_.state().limits.write_stall);
    TellGone();
    return Flush();
  }
  AwaitInStream();
  Flush();
}

void Session::SendStreamBytes(std::string bytes) {
  if (bytes.empty()) return;
  const bool was_waiting = output_.empty();
  if (stream_->is_chunked) {
    bytes.insert(0, absl::StrCat(absl::Hex(bytes.size()), "\r\n"));
    bytes.append("\r\n");
  }
  output_.Push(std::move(bytes));
  if (was_waiting) AwaitInStream();
  Flush();
}

void Session::AwaitInStream() {
  const Limits& limits = worker_.state().limits;
  if (!output_.empty()) return Enter(State::kStreaming, limits.write_stall);
  const bool beats = !stream_->options.heartbeat.empty();
  Enter(State::kStreaming, beats ? stream_->options.heartbeat_interval : absl::InfiniteDuration());
}

void Session::OnStreamDeadline() {
  if (!stream_->head_sent) return SendStreamHead();
  if (!output_.empty()) return Close();
  SendStreamBytes(stream_->options.heartbeat);
}

void Session::OnStreamWritten() {
  if (!writing_) {
    AwaitInStream();
    Flush();
  }
  if (output_.size() > worker_.state().limits.stream_backlog || !stream_->ready) return;
  std::exchange(stream_->ready, nullptr)();
}

}  // namespace http
