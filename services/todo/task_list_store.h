#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <optional>
#include <string>

#include "common/core/clock.h"
#include "services/todo/database.h"
#include "services/todo/postgres_task_store.h"
#include "services/todo/task_list_validation.h"
#include "todo/v1/task_list.pb.h"

namespace todo {

// Users' lists, in PostgreSQL. Rules and errors are those of TaskStore; NOT_FOUND is for lists here. Thread-safe.
class TaskListStore {
 public:
  // Both must outlive the store.
  TaskListStore(Database& database, const common::Clock& clock, OnChange on_change)
      : database_(database), clock_(clock), on_change_(std::move(on_change)) {}

  // FAILED_PRECONDITION where there are kMaxLists already.
  absl::StatusOr<v1::TaskList> Create(const std::string& user_id, const CreateTaskList& create, Deadline deadline);
  absl::StatusOr<google::protobuf::RepeatedPtrField<v1::TaskList>> List(const std::string& user_id, Deadline deadline);
  absl::StatusOr<v1::TaskList> Get(const std::string& user_id, const std::string& list_id, Deadline deadline);
  absl::StatusOr<v1::TaskList> Change(const std::string& user_id, const ChangeTaskList& change, Deadline deadline);
  // The tasks of the list stay. What was done by the deadline stays.
  absl::Status Delete(const std::string& user_id, const DeleteTaskList& deletion, Deadline deadline);

 private:
  Database& database_;
  const common::Clock& clock_;
  const OnChange on_change_;
};

}  // namespace todo
