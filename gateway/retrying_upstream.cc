#include "gateway/retrying_upstream.h"

#include <chrono>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/grpc/delayed_task.h"

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
    const std::optional<absl::Duration> delay = DelayBeforeAnotherTry(answer);
    if (!delay || absl::Now() + *delay >= request_->deadline) return done_(std::move(answer));
    common::RunAfter(*delay, [self = shared_from_this(), answer = std::move(answer)]() mutable {
      self->TryAgain(std::move(answer));
    });
  }

  std::optional<absl::Duration> DelayBeforeAnotherTry(const UpstreamAnswer& answer) {
    if (answer.is_unsent) {
      if (!shared_->reachability.IsWorthWaiting(std::chrono::steady_clock::now())) return std::nullopt;
      return RetryDelay(1, RetryJitter());
    }
    shared_->reachability.OnAnswer(answer.status.error_code());
    ++tries_;
    if (answer.status.error_code() != grpc::StatusCode::UNAVAILABLE) {
      shared_->budget.OnSuccess();
      return std::nullopt;
    }
    if (!request_->is_repeatable || !shared_->budget.OnFailure()) return std::nullopt;
    if (tries_ == kMaxTries || SaysWhenToComeBack(answer.status)) return std::nullopt;
    return RetryDelay(tries_, RetryJitter());
  }

  void TryAgain(UpstreamAnswer last) {
    {
      common::MutexLock lock(mutex_);
      if (is_cancelled_) last.status = grpc::Status(grpc::StatusCode::CANCELLED, "");
    }
    if (last.status.error_code() == grpc::StatusCode::CANCELLED) return done_(std::move(last));
    Try();
  }

  const std::shared_ptr<Shared> shared_;
  const std::shared_ptr<const UpstreamRequest> request_;
  const Done done_;
  int tries_ = 0;  // that a server may have heard of; touched by one try at a time
  common::Mutex mutex_;
  Cancel cancel_ GUARDED_BY(mutex_);
  bool is_cancelled_ GUARDED_BY(mutex_) = false;
};

RetryingUpstream::RetryingUpstream(std::shared_ptr<Upstream> upstream, absl::Duration patience)
    : shared_(std::make_shared<Shared>(std::move(upstream), patience)) {}

Upstream::Cancel RetryingUpstream::Call(std::shared_ptr<const UpstreamRequest> request, Done done) {
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
