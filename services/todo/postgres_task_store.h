#pragma once

#include <optional>
#include <string>

#include "common/core/clock.h"
#include "common/core/mutex.h"
#include "services/todo/database.h"
#include "services/todo/task_store.h"

namespace todo {

// Tasks in PostgreSQL, in the schema of `schema/`. Each method is one statement and one round trip: a write changes the
// task and the user's counters together or not at all. Thread-safe.
class PostgresTaskStore : public TaskStore {
 public:
  // Both must outlive the store.
  PostgresTaskStore(Database& database, const common::Clock& clock) : database_(database), clock_(clock) {}

  absl::StatusOr<v1::Task> Create(const std::string& user_id, const NewTask& task, Deadline deadline) override;
  absl::StatusOr<v1::Task> Get(const std::string& user_id, const std::string& task_id, Deadline deadline) override;
  absl::StatusOr<TaskPage> List(const std::string& user_id, const TaskListQuery& query,
                                const std::optional<TaskListCursor>& cursor, int page_size, Deadline deadline) override;
  absl::StatusOr<v1::Task> Change(const std::string& user_id, const std::string& task_id, const TaskChange& change,
                                  Deadline deadline) override;
  absl::Status Delete(const std::string& user_id, const std::string& task_id, Deadline deadline) override;
  absl::StatusOr<Metrics> GetMetrics(const std::string& user_id, const std::string& today, Deadline deadline) override;
  // Asks the database once.
  absl::StatusOr<PageTokenKey> GetPageTokenKey(Deadline deadline) override;

 private:
  Database& database_;
  const common::Clock& clock_;
  common::Mutex mutex_;
  std::optional<PageTokenKey> page_token_key_ GUARDED_BY(mutex_);
};

}  // namespace todo
