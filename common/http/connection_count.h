#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "common/core/mutex.h"

namespace http {

// How many connections there are, in all and from each client address. Touched once a connection, never once a request.
// Thread-safe.
class ConnectionCount {
 public:
  // Counts one more from `client`, unless it has `cap` already.
  bool Add(const std::string& client, size_t cap) {
    common::MutexLock lock(mutex_);
    size_t& count = by_client_[client];
    if (count >= cap) return false;
    ++count;
    ++total_;
    return true;
  }

  void Remove(const std::string& client) {
    common::MutexLock lock(mutex_);
    const auto entry = by_client_.find(client);
    if (entry == by_client_.end()) return;
    if (--entry->second == 0) by_client_.erase(entry);
    --total_;
  }

  size_t total() const {
    common::MutexLock lock(mutex_);
    return total_;
  }

 private:
  mutable common::Mutex mutex_;
  std::unordered_map<std::string, size_t> by_client_ GUARDED_BY(mutex_);
  size_t total_ GUARDED_BY(mutex_) = 0;
};

}  // namespace http
