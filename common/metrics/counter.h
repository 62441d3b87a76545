#pragma once

#include <atomic>
#include <cstdint>

namespace metrics {

// Counts events. Adding is one relaxed atomic addition, so it may stand on every request's path. Thread-safe.
class Counter {
 public:
  void Add(uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

}  // namespace metrics
