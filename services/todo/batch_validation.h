#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/todo/task_validation.h"

namespace todo {

// What requests about many tasks mean, once they are valid: as task_validation.h says, with the entry in the path of
// each violation.

absl::StatusOr<CreateTasks> ValidateBatchCreate(const v1::BatchCreateTasksRequest& request);
absl::StatusOr<ChangeTasks> ValidateBatchUpdate(const v1::BatchUpdateTasksRequest& request);
absl::StatusOr<ChangeTasks> ValidateBatchDelete(const v1::BatchDeleteTasksRequest& request);

// A list to be created.
struct NewTaskList {
  // A UUID in lower case.
  std::string id;
  std::string name;
  // Unset: behind all others.
  std::optional<std::string> position;
};

// What to import.
struct ImportTasks {
  std::vector<NewTaskList> lists;
  CreateTasks create;
};
// `now` is what new ids begin with.
absl::StatusOr<ImportTasks> ValidateImport(const v1::ImportTasksRequest& request, absl::Time now);

// How many lists a user may have.
inline constexpr int kMaxLists = 200;

}  // namespace todo
