#pragma once

#include <grpcpp/support/status.h>

#include <atomic>
#include <chrono>
#include <cstdint>

#include "absl/time/time.h"

namespace common {

// For how long a server may be out of reach until calls are failed at once. Shorter than that are the gaps while it
// restarts, or while one replica goes before it is known that another has come back: reconnecting takes up to a second.
// An answer then still comes within a second.
inline constexpr absl::Duration kPatience = absl::Milliseconds(900);

// Since when a server has been out of reach: since the first call that found nobody after the last that was answered,
// however long ago that was. Thread-safe.
class Reachability {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Reachability(absl::Duration patience) : patience_(absl::ToChronoNanoseconds(patience)) {}

  // A call that was given to a server has ended. A deadline or a cancellation may be the caller's own doing, and is no
  // word of the server's.
  void OnAnswer(grpc::StatusCode code) {
    if (code == grpc::StatusCode::CANCELLED || code == grpc::StatusCode::DEADLINE_EXCEEDED) return;
    // Many calls end in one microsecond, on many cores: they would take the line from each other.
    if (away_since_.load(std::memory_order_relaxed) != kInReach) away_since_.store(kInReach, std::memory_order_relaxed);
  }

  // A call has found nobody. Whether it is worth while to wait for somebody.
  bool IsWorthWaiting(Time now) {
    const Time::rep found = now.time_since_epoch().count();
    Time::rep since = kInReach;
    if (away_since_.compare_exchange_strong(since, found, std::memory_order_relaxed)) since = found;
    return now - Time(Time::duration(since)) < patience_;
  }

 private:
  static constexpr Time::rep kInReach = 0;

  const std::chrono::nanoseconds patience_;
  std::atomic<Time::rep> away_since_ = kInReach;
};

}  // namespace common
