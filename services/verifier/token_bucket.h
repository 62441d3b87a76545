#pragma once

#include <algorithm>

#include "absl/time/time.h"

namespace verifier {

// Allows `burst` uses at once and one more each `interval`. Not thread-safe.
class TokenBucket {
 public:
  TokenBucket(int burst, absl::Duration interval) : burst_(burst), interval_(interval), tokens_(burst) {}

  // Takes a token where there is one at the instant `now`, which must not go backwards.
  bool Take(absl::Time now) {
    if (last_ != absl::InfinitePast())
      tokens_ = std::min<double>(burst_, tokens_ + absl::FDivDuration(now - last_, interval_));
    last_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  int burst_;
  absl::Duration interval_;
  double tokens_;
  absl::Time last_ = absl::InfinitePast();
};

}  // namespace verifier
