#pragma once

#include <utility>

#include "absl/status/status.h"
#include "common/core/mutex.h"

namespace common {

// Whether a process may be given work, as far as it knows. Thread-safe.
class ReadinessState {
 public:
  // OK, or UNAVAILABLE with the reason.
  absl::Status Get() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return status_;
  }

  // Does nothing behind SetEnding().
  void Set(absl::Status status) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (!is_ending_) status_ = std::move(status);
  }

  // Not ready from now on: the process is about to end.
  void SetEnding() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    is_ending_ = true;
    status_ = absl::UnavailableError("the process is stopping");
  }

 private:
  mutable Mutex mutex_;
  absl::Status status_ GUARDED_BY(mutex_) = absl::UnavailableError("the process is starting");
  bool is_ending_ GUARDED_BY(mutex_) = false;
};

}  // namespace common
