#include "services/todo/rate_limiter.h"

#include <algorithm>

namespace todo {

absl::Duration RateLimiter::Take(const std::string& user_id, Deadline now) {
  if (rate_ == 0) return absl::ZeroDuration();
  const auto cost = std::chrono::nanoseconds(std::chrono::seconds(1)) / rate_;
  // A full bucket holds two seconds' worth.
  const auto capacity = cost * (2 * rate_);
  common::MutexLock lock(mutex_);
  if (users_.size() >= forget_at_) Forget(now);
  Deadline& full_again = users_[user_id];
  const Deadline next = std::max(full_again, now) + cost;
  if (next - now > capacity) return absl::FromChrono(next - now - capacity);
  full_again = next;
  return absl::ZeroDuration();
}

void RateLimiter::Forget(Deadline now) {
  for (auto user = users_.begin(); user != users_.end();) {
    user = user->second <= now ? users_.erase(user) : std::next(user);
  }
  // Looking at all of them is paid for by as many calls.
  forget_at_ = std::max<size_t>(1024, 2 * users_.size());
}

}  // namespace todo
