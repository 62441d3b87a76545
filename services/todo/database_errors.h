#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "common/metrics/counter.h"

namespace todo {

// Counts the tries of statements that failed, by what was in the way. Thread-safe.
class DatabaseErrors {
 public:
  static constexpr std::array<std::string_view, 6> kClasses = {
      "connection",  // none could be made, or it was lost
      "pool",        // others held all of them
      "timeout",     // no answer in time
      "conflict",    // lost against a concurrent transaction
      "refused",     // by a server that cannot work now
      "statement"};  // anything else: the statement and the schema do not fit together

  // `failure` is what ConnectionPool::Acquire() gave.
  void CountNoConnection(const absl::Status& failure) { counts_[absl::IsResourceExhausted(failure) ? 1 : 0].Add(); }
  // `failure` is what DatabaseConnection::Run() gave, or DEADLINE_EXCEEDED where it was cut off.
  void CountFailed(const absl::Status& failure);

  // By the place in kClasses.
  const metrics::Counter& count(size_t error_class) const { return counts_[error_class]; }

 private:
  std::array<metrics::Counter, kClasses.size()> counts_;
};

}  // namespace todo
