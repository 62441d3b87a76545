#pragma once

#include <thread>

#include "absl/time/time.h"
#include "common/core/logger.h"
#include "common/core/mutex.h"
#include "services/todo/database.h"

namespace todo {

// Removes, each hour, what has been in the trash for 30 days and idempotency keys that are a day old; one replica at a
// time.
class Upkeep {
 public:
  // Begins after a minute, or `interval` where that is shorter, and then each `interval`. `database` must outlive this.
  Upkeep(Database& database, absl::Duration interval, common::Logger logger);
  ~Upkeep();

 private:
  void Run(absl::Duration interval) EXCLUDES(mutex_);
  void RemoveExpired() EXCLUDES(mutex_);
  bool IsStopping() const EXCLUDES(mutex_);

  Database& database_;
  const common::Logger logger_;
  mutable common::Mutex mutex_;
  common::CondVar stopping_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace todo
