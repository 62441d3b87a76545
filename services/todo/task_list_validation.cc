#include "services/todo/task_list_validation.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace todo {
namespace {

using Mask = std::set<std::string>;

Mask ReadMask(const v1::UpdateTaskListRequest& request, FieldViolations& violations) {
  Mask mask;
  if (!request.has_update_mask()) {
    if (!request.task_list().name().empty()) mask.insert("name");
    if (!request.task_list().position().empty()) mask.insert("position");
    return mask;
  }
  for (const std::string& path : request.update_mask().paths()) {
    if (v1::TaskList::descriptor()->FindFieldByName(path) == nullptr) {
      violations.Add("update_mask", absl::StrCat("names `", path.substr(0, 64), "`, which is no field of a list"));
    }
    mask.insert(path);
  }
  return mask;
}

// `id` is empty where the list does not exist yet.
void CheckOutput(const v1::TaskList& list, const std::string& user_id, const std::string& id,
                 FieldViolations& violations) {
  const auto forbid = [&violations](bool differs, const char* field) {
    if (differs) violations.Add(field, "is output only and differs from the stored value: leave it out");
  };
  forbid(!list.id().empty() && absl::AsciiStrToLower(list.id()) != id, "id");
  forbid(!list.user_id().empty() && list.user_id() != user_id, "user_id");
  forbid(list.has_deleted_at(), "deleted_at");
}

}  // namespace

absl::StatusOr<CreateTaskList> ValidateCreateList(const v1::CreateTaskListRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  CreateTaskList create;
  create.call = ReadCall(request, request.idempotency_key(), violations);
  const FieldViolations::Scope scope(violations, "task_list.");
  CheckOutput(request.task_list(), request.user_id(), "", violations);
  if (!request.task_list().etag().empty()) violations.Add("etag", "is set by the service: leave it out");
  create.name = CheckTitle(request.task_list().name(), "name", violations);
  create.position = CheckPosition(request.task_list().position(), violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return create;
}

absl::StatusOr<ChangeTaskList> ValidateUpdateList(const v1::UpdateTaskListRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  ChangeTaskList change;
  change.list_id = CheckUuid(request.list_id(), "list_id", violations);
  change.call = ReadCall(request, request.idempotency_key(), violations);
  change.precondition = CheckEtag(request.etag(), violations);
  const Mask mask = ReadMask(request, violations);
  const v1::TaskList& list = request.task_list();
  const FieldViolations::Scope scope(violations, "task_list.");
  CheckOutput(list, request.user_id(), change.list_id, violations);
  if (!change.precondition) {
    change.precondition = CheckEtag(list.etag(), violations);
    change.is_precondition_of_list = change.precondition.has_value();
  }
  if (mask.count("name") > 0) change.name = CheckTitle(list.name(), "name", violations);
  if (mask.count("position") > 0) {
    change.position = CheckPosition(list.position(), violations);
    if (!change.position) violations.Add("position", "cannot be cleared: leave it out");
  }
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return change;
}

absl::StatusOr<DeleteTaskList> ValidateDeleteList(const v1::DeleteTaskListRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  DeleteTaskList deletion;
  deletion.list_id = CheckUuid(request.list_id(), "list_id", violations);
  deletion.precondition = CheckEtag(request.etag(), violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return deletion;
}

}  // namespace todo
