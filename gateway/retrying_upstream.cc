#include "gateway/retrying_upstream.h"

#include <utility>

#include "absl/time/clock.h"
#include "gateway/delayed_task.h"

namespace gateway {
namespace {

// The upstream's own word on when to come back.
bool SaysWhenToComeBack(const grpc::Status& status) {
  return status.error_details().find("google.rpc.RetryInfo") != std::string::npos;
}

}  // namespace

// The tries of one call.
class RetryingUpstream::Attempts : public std::enable_shared_from_this<Attempts> {
 public:
  Attempts(std::shared_ptr<Shared> shared, std::shared_ptr<const UpstreamRequest> request, Done done)
      : shared_(std::move(shared)), request_(std::move(request)), done_(std::move(done)) {}

  void Try() {
    ++tries_;
    Cancel cancel = shared_->upstream->Call(
        request_, [self = shared_from_this()](UpstreamAnswer answer) { self->OnAnswer(std::move(answer)); });
    bool is_cancelled;
    {
      common::MutexLock lock(mutex_);
      is_cancelled = is_cancelled_;
      if (!is_cancelled) cancel_ = cancel;
    }
    if (is_cancelled) cancel();
  }

  void CancelAll() {
    Cancel cancel;
    {
      common::MutexLock lock(mutex_);
      is_cancelled_ = true;
      cancel = std::move(cancel_);
    }
    if (cancel) cancel();
  }

 private:
  void OnAnswer(UpstreamAnswer answer) {
    const bool is_away = answer.status.error_code() == grpc::StatusCode::UNAVAILABLE;
    if (!is_away) shared_->budget.OnSuccess();
    if (!is_away || !shared_->budget.OnFailure() || tries_ == kMaxTries || SaysWhenToComeBack(answer.status)) {
      return done_(std::move(answer));
    }
    const absl::Duration delay = RetryDelay(tries_, RetryJitter());
    const absl::Duration left = deadline_ - absl::Now() - delay;
    if (left <= absl::ZeroDuration()) return done_(std::move(answer));
    RunAfter(delay,
             [self = shared_from_this(), answer = std::move(answer)]() mutable { self->TryAgain(std::move(answer)); });
  }

  void TryAgain(UpstreamAnswer last) {
    {
      common::MutexLock lock(mutex_);
      if (is_cancelled_) last.status = grpc::Status(grpc::StatusCode::CANCELLED, "");
    }
    if (last.status.error_code() == grpc::StatusCode::CANCELLED) return done_(std::move(last));
    auto again = std::make_shared<UpstreamRequest>(*request_);
    again->timeout = deadline_ - absl::Now();
    request_ = std::move(again);
    Try();
  }

  const std::shared_ptr<Shared> shared_;
  std::shared_ptr<const UpstreamRequest> request_;
  const Done done_;
  const absl::Time deadline_ = absl::Now() + request_->timeout;
  int tries_ = 0;  // touched by one try at a time
  common::Mutex mutex_;
  Cancel cancel_ GUARDED_BY(mutex_);
  bool is_cancelled_ GUARDED_BY(mutex_) = false;
};

RetryingUpstream::RetryingUpstream(std::shared_ptr<Upstream> upstream) : shared_(std::make_shared<Shared>()) {
  shared_->upstream = std::move(upstream);
}

Upstream::Cancel RetryingUpstream::Call(std::shared_ptr<const UpstreamRequest> request, Done done) {
  if (!request->is_repeatable) return shared_->upstream->Call(std::move(request), std::move(done));
  auto attempts = std::make_shared<Attempts>(shared_, std::move(request), std::move(done));
  attempts->Try();
  return [weak = std::weak_ptr<Attempts>(attempts)] {
    if (const auto active = weak.lock()) active->CancelAll();
  };
}

std::shared_ptr<UpstreamStream> RetryingUpstream::Stream(std::shared_ptr<const UpstreamRequest> request,
                                                         std::shared_ptr<StreamReader> reader) {
  return shared_->upstream->Stream(std::move(request), std::move(reader));
}

absl::Status RetryingUpstream::Probe(absl::Duration timeout) { return shared_->upstream->Probe(timeout); }

}  // namespace gateway
