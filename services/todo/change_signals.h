#pragma once

#include <set>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "common/core/logger.h"
#include "common/core/mutex.h"
#include "services/todo/change_feed.h"
#include "services/todo/database.h"

namespace todo {

// Tells the other replicas whose data has changed here, and hears it from them, by PostgreSQL's NOTIFY and LISTEN. What
// it tells is a hint: the feed looks for itself too. Thread-safe.
//
// A change is told after it was committed and together with all others of the last 20 ms, since a NOTIFY takes a lock
// of the whole database when it commits. It listens while there are streams here, on a connection without a pooler
// between.
class ChangeSignals {
 public:
  // `direct_database` is a connection string without a pooler; empty: nothing is heard, and the feed finds out for
  // itself. `database` and `feed` must outlive this.
  ChangeSignals(Database& database, ChangeFeed& feed, std::string direct_database, common::Logger logger);
  ~ChangeSignals();

  // A user's data has changed here: wakes the user's streams at once, and those of other replicas soon.
  void Changed(const std::string& user_id) EXCLUDES(mutex_);

 private:
  // There are streams now.
  void StreamsBegan() EXCLUDES(mutex_);
  void Tell() EXCLUDES(mutex_);
  void SendAll(const std::set<uint64_t>& users);
  void Hear() EXCLUDES(mutex_);
  // Listens until there are no more streams, this ends or the connection is lost.
  absl::Status Listen() EXCLUDES(mutex_);
  void WakeFor(const std::string& payload);
  bool IsStopping() const EXCLUDES(mutex_);

  Database& database_;
  ChangeFeed& feed_;
  const std::string direct_database_;
  const common::Logger logger_;
  // What this replica is called in what it tells.
  const std::string own_name_;
  // Written to when this ends, so that Listen() need not be asked for it.
  int stop_event_;
  mutable common::Mutex mutex_;
  common::CondVar changed_;
  common::CondVar stopping_;
  common::CondVar has_streams_;
  std::set<uint64_t> untold_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread teller_;
  std::thread hearer_;
};

}  // namespace todo
