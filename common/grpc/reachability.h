#pragma once

#include <atomic>
#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace common {

// For how long a server may be out of reach until calls are failed at once. Shorter than that are the gaps while it
// restarts, or while one replica goes before it is known that another has come back: reconnecting takes up to a second.
// An answer then still comes within a second.
inline constexpr absl::Duration kPatience = absl::Milliseconds(900);

// When a server was last heard of; at first, just now. Thread-safe.
class Reachability {
 public:
  explicit Reachability(absl::Duration patience) : patience_(patience) {}

  void OnHeard(absl::Time now) {
    const int64_t ms = absl::ToUnixMillis(now);
    // Many calls end in one millisecond, on many cores: they would take the line from each other.
    if (last_heard_ms_.load(std::memory_order_relaxed) < ms) last_heard_ms_.store(ms, std::memory_order_relaxed);
  }

  // Whether it is worth while to wait for it.
  bool IsHeardLately(absl::Time now) const {
    return now - absl::FromUnixMillis(last_heard_ms_.load(std::memory_order_relaxed)) < patience_;
  }

 private:
  const absl::Duration patience_;
  std::atomic<int64_t> last_heard_ms_ = absl::ToUnixMillis(absl::Now());
};

}  // namespace common
