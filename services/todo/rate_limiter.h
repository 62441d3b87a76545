#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

#include "absl/time/time.h"
#include "common/core/mutex.h"
#include "services/todo/deadline.h"

namespace todo {

// Lets each user make `rate` calls a second in the long run, and twice as many at once. Bounded in memory: users whose
// calls are long ago are forgotten, which changes nothing for them. Thread-safe.
class RateLimiter {
 public:
  // `rate` 0 lets everything through.
  explicit RateLimiter(int rate) : rate_(rate) {}

  // Zero where the call may be made, and is counted; else how long to wait.
  absl::Duration Take(const std::string& user_id, Deadline now) EXCLUDES(mutex_);

 private:
  // When the user's bucket will be full again: all that needs to be known of it.
  using FullAgain = std::unordered_map<std::string, Deadline>;

  void Forget(Deadline now) REQUIRES(mutex_);

  const int rate_;
  common::Mutex mutex_;
  FullAgain users_ GUARDED_BY(mutex_);
  size_t forget_at_ GUARDED_BY(mutex_) = 1024;
};

}  // namespace todo
