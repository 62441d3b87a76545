#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/time/time.h"

namespace metrics {

// Upper bounds of buckets, ascending. What they view must outlive the histograms.
using Bounds = std::span<const absl::Duration>;

// Of calls and requests, and of what they wait for.
inline constexpr std::array kCallBounds = {absl::Microseconds(250),  absl::Microseconds(500), absl::Milliseconds(1),
                                           absl::Microseconds(2500), absl::Milliseconds(5),   absl::Milliseconds(10),
                                           absl::Milliseconds(25),   absl::Milliseconds(50),  absl::Milliseconds(100),
                                           absl::Milliseconds(250),  absl::Milliseconds(500), absl::Seconds(1),
                                           absl::Milliseconds(2500), absl::Seconds(5),        absl::Seconds(10)};

// Of what is done in memory most of the time, and over the network now and then.
inline constexpr std::array kLookupBounds = {absl::Microseconds(5),    absl::Microseconds(25),  absl::Microseconds(100),
                                             absl::Microseconds(250),  absl::Microseconds(500), absl::Milliseconds(1),
                                             absl::Microseconds(2500), absl::Milliseconds(5),   absl::Milliseconds(10),
                                             absl::Milliseconds(50),   absl::Milliseconds(250), absl::Seconds(1),
                                             absl::Milliseconds(2500)};

// Counts durations by the bucket that they fall into. Observing is a search in a few bounds and two relaxed atomic
// additions, so it may stand on every request's path. Thread-safe; a reader may see an observation in the buckets
// before it sees it in the sum.
class Histogram {
 public:
  static constexpr size_t kMaxBounds = 16;

  explicit Histogram(Bounds bounds = kCallBounds) : bounds_(bounds.first(std::min(bounds.size(), kMaxBounds))) {}

  // A negative duration counts as zero.
  void Observe(absl::Duration duration) {
    const size_t bucket =
        static_cast<size_t>(std::lower_bound(bounds_.begin(), bounds_.end(), duration) - bounds_.begin());
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_nanos_.fetch_add(std::max<int64_t>(absl::ToInt64Nanoseconds(duration), 0), std::memory_order_relaxed);
  }

  Bounds bounds() const { return bounds_; }
  // How many fell into the bucket below `bounds()[bucket]` and into none before it; the last bucket has no bound.
  uint64_t count(size_t bucket) const { return counts_[bucket].load(std::memory_order_relaxed); }
  absl::Duration sum() const { return absl::Nanoseconds(sum_nanos_.load(std::memory_order_relaxed)); }

 private:
  const Bounds bounds_;
  std::array<std::atomic<uint64_t>, kMaxBounds + 1> counts_{};
  std::atomic<int64_t> sum_nanos_{0};
};

}  // namespace metrics
