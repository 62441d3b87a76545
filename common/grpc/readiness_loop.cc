#include "common/grpc/readiness_loop.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace common {

ReadinessLoop::ReadinessLoop(GrpcServer& server, ReadinessState& state, Check check, absl::Duration interval,
                             Logger logger)
    : server_(server), state_(state), check_(std::move(check)), logger_(std::move(logger)), thread_([this, interval] {
        Run(interval);
      }) {}

ReadinessLoop::~ReadinessLoop() {
  {
    MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  stopped_.NotifyAll();
  thread_.join();
}

void ReadinessLoop::Run(absl::Duration interval) {
  std::optional<std::string> last_reason;  // empty while ready
  while (true) {
    const auto [ready, is_serving] = check_();
    const std::string reason(ready.message());
    if (last_reason != reason) {
      if (ready.ok()) {
        logger_.Info("ready");
      } else {
        logger_.Warning("not_ready", {{"outcome", "failed"}, {"reason", reason}});
      }
      state_.Set(ready);
      server_.SetServing(is_serving);
      last_reason = reason;
    }
    const auto next = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(interval);
    MutexLock lock(mutex_);
    while (!is_stopping_ && stopped_.WaitUntil(mutex_, next)) {
    }
    if (is_stopping_) return;
  }
}

}  // namespace common
