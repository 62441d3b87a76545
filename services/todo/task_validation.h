#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/todo/task_change.h"
#include "services/todo/task_list_query.h"
#include "todo/v1/task_service.pb.h"

namespace todo {

// What requests mean, once they are valid. Pure functions: everything that can be said about a request without the
// database is said here. Each fails with INVALID_ARGUMENT and a violation for every field that is at fault. That
// `user_id` is the caller is not checked here but before.

// The content of a task to be created.
absl::StatusOr<NewTask> ValidateCreate(const v1::CreateTaskRequest& request);

// A page of a list, its token not yet decoded.
struct TaskListing {
  TaskListQuery query;
  // 1 to 200.
  int page_size = 0;
};
absl::StatusOr<TaskListing> ValidateList(const v1::ListTasksRequest& request);

// A change of one task.
struct ChangeTask {
  // In lower case.
  std::string task_id;
  TaskChange change;
};
absl::StatusOr<ChangeTask> ValidateReplace(const v1::ReplaceTaskRequest& request);
absl::StatusOr<ChangeTask> ValidateUpdate(const v1::UpdateTaskRequest& request);

// The task that a request names and says nothing else about; the answer is in lower case.
absl::StatusOr<std::string> ValidateTaskId(const std::string& user_id, const std::string& task_id);

// OK for a request that names nothing but its user.
absl::Status ValidateUserId(const std::string& user_id);

}  // namespace todo
