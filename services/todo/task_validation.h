#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/todo/task_change.h"
#include "services/todo/task_fields.h"
#include "services/todo/task_list_query.h"
#include "todo/v1/task_service.pb.h"

namespace todo {

// What requests mean, once they are valid. Pure functions: everything that can be said about a request without the
// database is said here. Each fails with INVALID_ARGUMENT and a violation for every field that is at fault. That
// `user_id` is the caller is not checked here but before.

// A call that may be repeated: its key, and a fingerprint of all else that was asked, SHA-256.
struct RepeatableCall {
  // Unset: none was given.
  std::optional<std::string> key;
  std::string fingerprint;
};

// Tasks to be created.
struct CreateTasks {
  std::vector<NewTask> tasks;
  RepeatableCall call;
  // What an entry is called in errors, such as `tasks`; empty where there is only one.
  std::string entries;
};
absl::StatusOr<CreateTasks> ValidateCreate(const v1::CreateTaskRequest& request);

// A page of a list, its token not yet decoded.
struct TaskListing {
  TaskListQuery query;
  // 1 to 200.
  int page_size = 0;
};
absl::StatusOr<TaskListing> ValidateList(const v1::ListTasksRequest& request);

// Changes of tasks, no task twice.
struct ChangeTasks {
  std::vector<TaskChange> changes;
  RepeatableCall call;
  // What an entry is called in errors, such as `updates`; empty where there is only one.
  std::string entries;
};
absl::StatusOr<ChangeTasks> ValidateReplace(const v1::ReplaceTaskRequest& request);
absl::StatusOr<ChangeTasks> ValidateUpdate(const v1::UpdateTaskRequest& request);
absl::StatusOr<ChangeTasks> ValidateToggle(const v1::ToggleTaskRequest& request);
absl::StatusOr<ChangeTasks> ValidateComplete(const v1::CompleteTaskRequest& request);
absl::StatusOr<ChangeTasks> ValidateDelete(const v1::DeleteTaskRequest& request);
absl::StatusOr<ChangeTasks> ValidateUndelete(const v1::UndeleteTaskRequest& request);

// The id that a request names and says nothing else about; the answer is in lower case. `field` is what it is called.
absl::StatusOr<std::string> ValidateId(const std::string& user_id, const std::string& id, std::string_view field);

// OK for a request that names nothing but its user.
absl::Status ValidateUserId(const std::string& user_id);

// The time zone of a request; `UTC` where it is empty.
absl::StatusOr<std::string> ValidateTimeZone(const std::string& user_id, const std::string& time_zone);

// The steps that batches share with these.

// The content of a task to be created; output-only fields are violations, except those of an import.
NewTask ReadNewTask(const v1::Task& task, const std::string& user_id, bool is_import, FieldViolations& violations);
// A change by mask, or by what is set where there is none. `path` is that of `task` within its entry.
TaskChange ReadUpdate(const v1::TaskUpdate& update, const std::string& user_id, FieldViolations& violations);
// The key of a request, and the fingerprint of the rest.
RepeatableCall ReadCall(const google::protobuf::Message& request, const std::string& key, FieldViolations& violations);

}  // namespace todo
