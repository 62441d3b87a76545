#pragma once

#include "absl/time/time.h"
#include "common/core/mutex.h"

namespace gateway {

// How often a call is made at most, the first time included.
inline constexpr int kMaxTries = 3;

// How long to wait before try number `tries` + 1: 50 ms at first, twice as long each time, 500 ms at most, of which
// `random` (0 to 1) takes off up to a half, so that callers that failed together do not come back together.
absl::Duration RetryDelay(int tries, double random);

// A random number from 0 to 1 for RetryDelay().
double RetryJitter();

// How much of what fails may be tried again: a bucket of 10 tokens. A failure takes one, a success gives a tenth, and
// only with more than half of them is anything repeated. An upstream that fails much is thus left alone. Thread-safe.
class RetryBudget {
 public:
  void OnSuccess();
  // Whether this failure may be followed by another try.
  bool OnFailure();

 private:
  static constexpr double kMaxTokens = 10;
  static constexpr double kTokenRatio = 0.1;

  common::Mutex mutex_;
  double tokens_ GUARDED_BY(mutex_) = kMaxTokens;
};

}  // namespace gateway
