#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/todo/task_validation.h"
#include "todo/v1/task_list_service.pb.h"

namespace todo {

// What requests about lists mean, once they are valid: as task_validation.h says.

// A list to be created.
struct CreateTaskList {
  std::string name;
  // Unset: behind all others.
  std::optional<std::string> position;
  RepeatableCall call;
};
absl::StatusOr<CreateTaskList> ValidateCreateList(const v1::CreateTaskListRequest& request);

// A change of a list; what is unset stays as it is.
struct ChangeTaskList {
  // In lower case.
  std::string list_id;
  std::optional<std::string> name;
  std::optional<std::string> position;
  // The etag that it must have: that of the request, or else that of the list in it.
  std::optional<std::string> precondition;
  bool is_precondition_of_list = false;
  RepeatableCall call;
};
absl::StatusOr<ChangeTaskList> ValidateUpdateList(const v1::UpdateTaskListRequest& request);

// A list to be deleted.
struct DeleteTaskList {
  // In lower case.
  std::string list_id;
  std::optional<std::string> precondition;
};
absl::StatusOr<DeleteTaskList> ValidateDeleteList(const v1::DeleteTaskListRequest& request);

}  // namespace todo
