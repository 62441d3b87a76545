#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/core/clock.h"
#include "services/todo/database.h"
#include "services/todo/task_store.h"

namespace todo {

// Called with the user whose data has changed, after each write. Must not block.
using OnChange = std::function<void(const std::string& user_id)>;

// Tasks in PostgreSQL, in the schema of `schema/`. Each method is one statement and one round trip, except those that
// may touch any number of tasks, which take a part at a time. Thread-safe.
class PostgresTaskStore : public TaskStore {
 public:
  // Both must outlive the store.
  PostgresTaskStore(Database& database, const common::Clock& clock, OnChange on_change)
      : database_(database), clock_(clock), on_change_(std::move(on_change)) {}

  absl::StatusOr<Tasks> Create(const std::string& user_id, const CreateTasks& create, Deadline deadline) override;
  absl::StatusOr<Imported> Import(const std::string& user_id, const ImportTasks& import, Deadline deadline) override;
  absl::StatusOr<v1::Task> Get(const std::string& user_id, const std::string& task_id, Deadline deadline) override;
  absl::StatusOr<TaskPage> List(const std::string& user_id, const TaskListQuery& query,
                                const std::optional<TaskListCursor>& cursor, int page_size, Deadline deadline) override;
  absl::StatusOr<Tasks> Change(const std::string& user_id, const ChangeTasks& change, Deadline deadline) override;
  absl::StatusOr<Metrics> GetMetrics(const std::string& user_id, absl::Time now, const std::string& time_zone,
                                     Deadline deadline) override;
  absl::StatusOr<Export> ExportPage(const std::string& user_id, const std::string& after, int page_size,
                                    Deadline deadline) override;
  absl::StatusOr<google::protobuf::RepeatedPtrField<v1::Tag>> ListTags(const std::string& user_id,
                                                                       Deadline deadline) override;
  absl::StatusOr<v1::Tag> GetTag(const std::string& user_id, const std::string& tag, Deadline deadline) override;
  absl::Status DeleteTag(const std::string& user_id, const std::string& tag, Deadline deadline) override;
  absl::Status Forget(const std::string& user_id, Deadline deadline) override;

 private:
  absl::StatusOr<Tasks> CreateOne(const std::string& user_id, const NewTask& task, Deadline deadline);
  absl::StatusOr<pqxx::result> WriteMany(const std::string& user_id, const std::vector<NewTaskList>& lists,
                                         const CreateTasks& create, Deadline deadline);

  Database& database_;
  const common::Clock& clock_;
  const OnChange on_change_;
};

}  // namespace todo
