#include "gateway/stream_call.h"

#include <utility>

#include "common/grpc/delayed_task.h"
#include "gateway/call_maker.h"
#include "gateway/response_body.h"
#include "gateway/retry.h"

namespace gateway {
namespace {

// What follows a call's start within this time may still decide the status: an upstream that fails a call at once
// starts it with the same bytes.
constexpr absl::Duration kFirstWord = absl::Milliseconds(100);

}  // namespace

StreamCall::StreamCall(ExchangePtr exchange, std::vector<std::string> path_values, const AuthMode& auth_mode,
                       StreamFormat::Kind kind, const Answers& answers, Upstream& upstream)
    : exchange_(std::move(exchange)),
      path_values_(std::move(path_values)),
      auth_mode_(auth_mode),
      answers_(answers),
      upstream_(upstream),
      format_(kind) {}

void StreamCall::Begin() {
  auto request = std::make_shared<UpstreamRequest>();
  if (const auto problem = MakeCall(*exchange_, path_values_, auth_mode_, std::nullopt, request.get())) {
    return answers_.Fail(*exchange_, *problem);
  }
  last_event_id_ = HeaderOf(exchange_->head(), "last-event-id");
  http::StreamOptions options;
  options.head = http::Response(exchange_->route->method->success_status);
  options.head.AddHeader("Content-Type", format_.content_type());
  answers_.Dress(*exchange_, &options.head);
  options.heartbeat = std::string(format_.heartbeat());
  // The messages themselves say what octets are.
  if (format_.kind() == StreamFormat::Kind::kOctets) options.hold_head = absl::InfiniteDuration();
  exchange_->responder.OnClientGone([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->Cancel();
  });
  std::shared_ptr<http::Stream> stream = exchange_->responder.BeginStream(std::move(options));
  if (stream == nullptr) return answers_.Fail(*exchange_, MakeProblem(503, "there are too many streams"));
  {
    common::MutexLock lock(mutex_);
    stream_ = std::move(stream);
  }
  CallUpstream(std::move(request));
}

void StreamCall::CallUpstream(std::shared_ptr<const UpstreamRequest> request) {
  ++tries_;
  int number;
  {
    common::MutexLock lock(mutex_);
    number = ++calls_;
  }
  const std::shared_ptr<UpstreamStream> call = upstream_.Stream(std::move(request), shared_from_this());
  bool is_cancelled;
  {
    common::MutexLock lock(mutex_);
    is_cancelled = is_cancelled_;
    // It may have failed, and another one been made, by now.
    if (number == calls_) call_ = call;
  }
  if (is_cancelled) call->Cancel();
  call->Next();
}

void StreamCall::OnStarted() {
  if (format_.kind() == StreamFormat::Kind::kOctets) return;
  if (const auto stream = this->stream()) stream->ReleaseHead(kFirstWord);
}

std::shared_ptr<http::Stream> StreamCall::stream() {
  common::MutexLock lock(mutex_);
  return stream_;
}

void StreamCall::OnMessage(grpc::Slice message) {
  tries_ = 0;
  if (!WriteMessage({reinterpret_cast<const char*>(message.begin()), message.size()})) Cancel();
}

bool StreamCall::WriteMessage(std::string_view bytes) {
  const Route& route = *exchange_->route;
  std::string content_type;
  std::string body;
  std::string event_id;
  absl::Status status = WriteResponseBody(route, bytes, &content_type, &body);
  if (status.ok() && !route.event_id_field.empty()) status = AppendFieldText(route.event_id_field, bytes, &event_id);
  if (!status.ok()) {
    Finish(answers_.Unwritable(*exchange_, status));
    return false;
  }
  if (!event_id.empty()) last_event_id_ = event_id;
  // Never used under the lock: the stream may call back at once.
  const std::shared_ptr<http::Stream> stream = this->stream();
  if (stream == nullptr) return false;
  if (format_.kind() == StreamFormat::Kind::kOctets) {
    http::Response head(route.method->success_status);
    head.AddHeader("Content-Type", content_type);
    answers_.Dress(*exchange_, &head);
    stream->ReplaceHead(std::move(head));
  }
  stream->Write(format_.Message(std::move(body), event_id), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->Next();
  });
  return true;
}

void StreamCall::Next() {
  std::shared_ptr<UpstreamStream> call;
  {
    common::MutexLock lock(mutex_);
    call = call_;
  }
  if (call != nullptr) call->Next();
}

void StreamCall::OnDone(grpc::Status status) {
  {
    common::MutexLock lock(mutex_);
    call_.reset();
  }
  if (status.ok()) return Finish(std::nullopt);
  if (!Resume(status)) Finish(Answers::ToProblem(*exchange_, status));
}

bool StreamCall::Resume(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE || tries_ >= kMaxTries) return false;
  // Without an event to go on behind, what happens meanwhile would be lost unnoticed.
  const bool can_continue = !exchange_->route->method->last_event_id_field.empty() && !last_event_id_.empty();
  if (!can_continue) return false;
  {
    common::MutexLock lock(mutex_);
    if (is_cancelled_ || stream_ == nullptr) return false;
  }
  common::RunAfter(RetryDelay(std::max(tries_, 1), RetryJitter()), [self = shared_from_this()] { self->MakeAgain(); });
  return true;
}

void StreamCall::MakeAgain() {
  bool is_cancelled;
  {
    common::MutexLock lock(mutex_);
    is_cancelled = is_cancelled_;
  }
  if (is_cancelled) return Finish(MakeProblem(499, "the request was cancelled"));
  auto request = std::make_shared<UpstreamRequest>();
  if (const auto problem = MakeCall(*exchange_, path_values_, auth_mode_, last_event_id_, request.get())) {
    return Finish(*problem);
  }
  CallUpstream(std::move(request));
}

void StreamCall::Cancel() {
  std::shared_ptr<UpstreamStream> call;
  {
    common::MutexLock lock(mutex_);
    is_cancelled_ = true;
    call = call_;
  }
  if (call != nullptr) call->Cancel();
}

void StreamCall::EndForShutdown() {
  Finish(MakeProblem(503, "the gateway is shutting down: connect again"));
  Cancel();
}

void StreamCall::Finish(const std::optional<Problem>& problem) {
  std::shared_ptr<http::Stream> stream;
  {
    common::MutexLock lock(mutex_);
    stream = std::move(stream_);
  }
  if (stream == nullptr) return;
  answers_.Log(*exchange_, problem ? problem->status : exchange_->route->method->success_status);
  if (!problem) return stream->End(format_.End());
  http::Response instead = answers_.Failure(*exchange_, *problem);
  answers_.Dress(*exchange_, &instead);
  if (!format_.tells_failures()) return stream->FailOrCut(std::move(instead));
  stream->Fail(std::move(instead), format_.Failure(*problem, exchange_->request_id));
}

}  // namespace gateway
