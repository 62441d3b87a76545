#include "common/grpc/delayed_task.h"

#include <grpcpp/alarm.h>

#include <chrono>
#include <memory>
#include <utility>

namespace common {

void RunAfter(absl::Duration delay, std::function<void()> task) {
  auto alarm = std::make_shared<grpc::Alarm>();
  const auto when = std::chrono::system_clock::now() + absl::ToChronoMicroseconds(delay);
  // The alarm lives until it has rung.
  alarm->Set(when, [alarm, task = std::move(task)](bool) mutable {
    task();
    alarm.reset();
  });
}

}  // namespace common
