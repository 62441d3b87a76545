#include "gateway/retry.h"

#include <algorithm>
#include <random>

namespace gateway {

absl::Duration RetryDelay(int tries, double random) {
  const absl::Duration longest =
      std::min(absl::Milliseconds(50) * (1 << std::min(tries - 1, 10)), absl::Milliseconds(500));
  return longest * (1 - random / 2);
}

double RetryJitter() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

void RetryBudget::OnSuccess() {
  common::MutexLock lock(mutex_);
  tokens_ = std::min(kMaxTokens, tokens_ + kTokenRatio);
}

bool RetryBudget::OnFailure() {
  common::MutexLock lock(mutex_);
  tokens_ = std::max(0.0, tokens_ - 1);
  return tokens_ > kMaxTokens / 2;
}

}  // namespace gateway
