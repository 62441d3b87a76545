#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/core/mutex.h"
#include "common/metrics/histogram.h"
#include "services/todo/database_connection.h"
#include "services/todo/deadline.h"

namespace todo {

// What a pool is made with.
struct ConnectionPoolOptions {
  // As ToConnectionString() makes it.
  std::string connection_string;
  // How many connections there are at most.
  int size = 10;
  // How long to wait for a connection that others hold.
  absl::Duration acquire_timeout = absl::Milliseconds(250);
  // A connection that lay idle for longer is closed, not used: Neon drops them when it suspends, after 5 minutes.
  absl::Duration max_idle = absl::Seconds(240);
  // Asked about each new connection before it is used; what it refuses is closed. May be empty.
  std::function<absl::Status(DatabaseConnection&)> check;
};

// A bounded set of connections to one database. Connections are made by threads of the pool's own, so that whoever
// needs one waits no longer than it wants to. Thread-safe.
class ConnectionPool {
 public:
  // A connection that is on loan. Goes back to the pool when this is gone, and is closed instead where it was told to.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<DatabaseConnection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    DatabaseConnection& operator*() const { return *connection_; }
    DatabaseConnection* operator->() const { return connection_.get(); }
    // The connection had an error: it is never used again.
    void Spoil() { is_spoilt_ = true; }

   private:
    ConnectionPool* pool_;
    std::unique_ptr<DatabaseConnection> connection_;
    bool is_spoilt_ = false;
  };

  explicit ConnectionPool(ConnectionPoolOptions options);
  // No lease may be left. Waits for a connection that is being made.
  ~ConnectionPool();

  // Waits for a connection: up to `acquire_timeout` while others hold all of them, up to `deadline` while one is being
  // made. Fails, saying why, with RESOURCE_EXHAUSTED in the first case and else with what the last attempt met.
  absl::StatusOr<Lease> Acquire(Deadline deadline) EXCLUDES(mutex_);

  // How many connections there are.
  struct Usage {
    int in_use;
    int idle;
    int max;
  };
  Usage usage() const EXCLUDES(mutex_);
  // How long each Acquire() took.
  const metrics::Histogram& acquire_seconds() const { return acquire_seconds_; }

 private:
  struct Idle {
    std::unique_ptr<DatabaseConnection> connection;
    Deadline expires;
  };

  absl::StatusOr<std::unique_ptr<DatabaseConnection>> WaitInLine(Deadline held_by_others, Deadline being_made)
      EXCLUDES(mutex_);
  absl::StatusOr<std::unique_ptr<DatabaseConnection>> Wait(Deadline held_by_others, Deadline being_made)
      REQUIRES(mutex_);
  void AskForConnection() REQUIRES(mutex_);
  void GiveBack(std::unique_ptr<DatabaseConnection> connection, bool is_spoilt) EXCLUDES(mutex_);
  // The connection that was used last, the likeliest to be warm; null where there is none to be had.
  std::unique_ptr<DatabaseConnection> TakeIdle() REQUIRES(mutex_);
  void CloseExpired() REQUIRES(mutex_);
  void MakeConnections() EXCLUDES(mutex_);
  void MakeOne() REQUIRES(mutex_);
  absl::StatusOr<std::unique_ptr<DatabaseConnection>> Connect() const;

  const ConnectionPoolOptions options_;
  metrics::Histogram acquire_seconds_;
  mutable common::Mutex mutex_;
  common::CondVar changed_;
  common::CondVar is_wanted_;
  // Oldest first.
  std::vector<Idle> idle_ GUARDED_BY(mutex_);
  // Callers of Acquire() that have none yet.
  int waiting_ GUARDED_BY(mutex_) = 0;
  // All there are: idle, on loan, being made, and wanted.
  int open_ GUARDED_BY(mutex_) = 0;
  int wanted_ GUARDED_BY(mutex_) = 0;
  int being_made_ GUARDED_BY(mutex_) = 0;
  int failures_ GUARDED_BY(mutex_) = 0;
  absl::Status last_failure_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> makers_;
};

}  // namespace todo
