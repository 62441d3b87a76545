#pragma once

#include <chrono>

#include "absl/time/time.h"

namespace todo {

// The instant by which something must be done, on the clock that never jumps.
using Deadline = std::chrono::steady_clock::time_point;

inline Deadline DeadlineAfter(absl::Duration duration) {
  return std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(duration);
}

inline bool HasPassed(Deadline deadline) { return std::chrono::steady_clock::now() >= deadline; }

}  // namespace todo
