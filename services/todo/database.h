#pragma once

#include <pqxx/result>

#include "absl/status/statusor.h"
#include "common/core/logger.h"
#include "common/core/mutex.h"
#include "services/todo/connection_pool.h"
#include "services/todo/database_connection.h"
#include "services/todo/database_errors.h"
#include "services/todo/deadline.h"
#include "services/todo/watchdog.h"

namespace todo {

// Runs single statements on a pool of connections, each in one round trip and by a deadline that holds even where the
// server has stalled. Knows which failures may be tried again. Thread-safe; blocks.
//
// Errors: UNAVAILABLE with the reason DATABASE_UNAVAILABLE, where nothing was written; DEADLINE_EXCEEDED, where a write
// may have happened; ALREADY_EXISTS, where a row with the same key is there; INTERNAL, where a statement and the schema
// do not fit together.
class Database {
 public:
  Database(ConnectionPoolOptions options, common::Logger logger)
      : pool_(std::move(options)), logger_(std::move(logger)) {}

  // A statement that writes nothing: where the connection is lost, it runs once more on another one.
  absl::StatusOr<pqxx::result> Read(const Statement& statement, const Parameters& parameters, Deadline deadline);

  // A statement that writes: where the connection is lost before the answer, it may have run, so it is not run again.
  absl::StatusOr<pqxx::result> Write(const Statement& statement, const Parameters& parameters, Deadline deadline);

  // A statement that writes, and that may run twice, since the second time finds what the first has done: where the
  // connection is lost it runs once more. What the first time left is an ALREADY_EXISTS or part of the answer.
  absl::StatusOr<pqxx::result> WriteRepeatably(const Statement& statement, const Parameters& parameters,
                                               Deadline deadline);

  // How it last went: what tells that the database is there without asking it.
  struct Activity {
    // When a statement was last run, well or not.
    Deadline last_used;
    // When one last ran well.
    Deadline last_success;
  };
  Activity activity() const EXCLUDES(mutex_);

  const ConnectionPool& pool() const { return pool_; }
  const DatabaseErrors& errors() const { return errors_; }

 private:
  absl::StatusOr<pqxx::result> TryTwice(const Statement& statement, const Parameters& parameters, Deadline deadline);
  void Note(const absl::Status& status) EXCLUDES(mutex_);
  // What one try came to; the codes are those of DatabaseConnection, and CANCELLED where no connection could be had.
  absl::StatusOr<pqxx::result> Try(const Statement& statement, const Parameters& parameters, Deadline deadline);
  // The same, tried again while it loses against concurrent transactions.
  absl::StatusOr<pqxx::result> TryPersistently(const Statement& statement, const Parameters& parameters,
                                               Deadline deadline);
  absl::Status ToApiError(const absl::Status& failure, const absl::Status& when_lost) const;

  // Before the pool, so that it outlives the leases.
  Watchdog watchdog_;
  ConnectionPool pool_;
  DatabaseErrors errors_;
  common::Logger logger_;
  mutable common::Mutex mutex_;
  Activity activity_ GUARDED_BY(mutex_) = {};
};

}  // namespace todo
