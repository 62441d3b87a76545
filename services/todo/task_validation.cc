#include "services/todo/task_validation.h"

#include <algorithm>
#include <functional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/todo/task_fields.h"
#include "services/todo/timestamps.h"

namespace todo {
namespace {

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 200;

// Which of a task's fields a request speaks about.
using Mask = std::set<std::string>;

bool IsDescendingByDefault(v1::TaskSortBy sort_by) {
  return sort_by == v1::TASK_SORT_BY_CREATED_AT || sort_by == v1::TASK_SORT_BY_UPDATED_AT;
}

// The fields that are set, which is what a request without a mask speaks about. An empty string counts as not set.
Mask SetFields(const v1::Task& task) {
  Mask mask;
  const auto add = [&mask](bool is_set, const char* field) {
    if (is_set) mask.insert(field);
  };
  add(!task.id().empty(), "id");
  add(!task.user_id().empty(), "user_id");
  add(!task.title().empty(), "title");
  add(task.has_description(), "description");
  add(task.has_is_completed(), "is_completed");
  add(task.priority() != v1::PRIORITY_UNSPECIFIED, "priority");
  add(task.has_due_date(), "due_date");
  add(task.has_completed_at(), "completed_at");
  add(task.has_created_at(), "created_at");
  add(task.has_updated_at(), "updated_at");
  add(!task.etag().empty(), "etag");
  return mask;
}

// What a mask may name: each field of a task, by its own name and no path into it.
Mask ReadMask(const google::protobuf::FieldMask& field_mask, FieldViolations& violations) {
  Mask mask;
  for (const std::string& path : field_mask.paths()) {
    if (v1::Task::descriptor()->FindFieldByName(path) == nullptr) {
      violations.Add("update_mask", absl::StrCat("names `", path.substr(0, 64), "`, which is no field of a task"));
    }
    mask.insert(path);
  }
  return mask;
}

absl::Time ExpectedTime(const google::protobuf::Timestamp& sent, const char* field, FieldViolations& violations) {
  if (!IsStorable(sent)) violations.Add(field, "is output only and differs from the stored value: leave it out");
  return IsStorable(sent) ? FromProto(sent) : absl::UnixEpoch();
}

// The output-only fields and the etag: those that can be compared now are, the others are expected of the stored task.
TaskExpectation ReadExpectation(const v1::Task& task, const Mask& mask, const std::string& user_id,
                                const std::string& task_id, FieldViolations& violations) {
  TaskExpectation expected;
  if (!task.id().empty() && absl::AsciiStrToLower(task.id()) != task_id) {
    violations.Add("task.id", "is output only and differs from the task's id: leave it out");
  }
  if (!task.user_id().empty() && task.user_id() != user_id) {
    violations.Add("task.user_id", "is output only and differs from the task's owner: leave it out");
  }
  if (!task.etag().empty()) {
    expected.etag = task.etag();
    if (task.etag().find('\0') != std::string::npos) violations.Add("task.etag", "must not hold NUL");
  }
  if (mask.count("created_at") > 0) {
    expected.created_at = ExpectedTime(task.created_at(), "task.created_at", violations);
  }
  if (mask.count("updated_at") > 0) {
    expected.updated_at = ExpectedTime(task.updated_at(), "task.updated_at", violations);
  }
  if (mask.count("completed_at") > 0) {
    expected.completed_at.emplace();
    if (task.has_completed_at()) {
      *expected.completed_at = ExpectedTime(task.completed_at(), "task.completed_at", violations);
    }
  }
  return expected;
}

std::optional<std::string> ReadDescription(const v1::Task& task, FieldViolations& violations) {
  if (!task.has_description()) return std::nullopt;
  return CheckDescription(task.description(), violations);
}

std::optional<std::string> ReadDueDate(const v1::Task& task, FieldViolations& violations) {
  if (!task.has_due_date()) return std::nullopt;
  return CheckDueDate(task.due_date(), violations);
}

bool ReadIsCompleted(const v1::Task& task, FieldViolations& violations) {
  if (!task.has_is_completed()) violations.Add("task.is_completed", "is required");
  return task.is_completed();
}

// The fields that `mask` names are read, set or not.
TaskChange ReadChange(const v1::Task& task, const Mask& mask, FieldViolations& violations) {
  TaskChange change;
  if (mask.count("title") > 0) change.title = CheckTitle(task.title(), violations);
  if (mask.count("description") > 0) change.description = ReadDescription(task, violations);
  if (mask.count("is_completed") > 0) change.is_completed = ReadIsCompleted(task, violations);
  if (mask.count("due_date") > 0) change.due_date = ReadDueDate(task, violations);
  if (mask.count("priority") > 0) {
    change.priority = CheckPriority(task.priority(), "task.priority", violations);
    if (task.priority() == v1::PRIORITY_UNSPECIFIED) violations.Add("task.priority", "must be High, Medium or Low");
  }
  return change;
}

// A task that does not exist yet has none of what the service sets.
void CheckNoOutput(const v1::Task& task, const std::string& user_id, FieldViolations& violations) {
  const auto forbid = [&violations](bool is_set, const char* field) {
    if (is_set) violations.Add(field, "is set by the service: leave it out");
  };
  forbid(!task.id().empty(), "task.id");
  forbid(!task.user_id().empty() && task.user_id() != user_id, "task.user_id");
  forbid(task.has_completed_at(), "task.completed_at");
  forbid(task.has_created_at(), "task.created_at");
  forbid(task.has_updated_at(), "task.updated_at");
  forbid(!task.etag().empty(), "task.etag");
}

}  // namespace

absl::StatusOr<NewTask> ValidateCreate(const v1::CreateTaskRequest& request) {
  FieldViolations violations;
  const v1::Task& task = request.task();
  CheckUserId(request.user_id(), violations);
  CheckNoOutput(task, request.user_id(), violations);
  NewTask created;
  created.title = CheckTitle(task.title(), violations);
  created.description = ReadDescription(task, violations);
  created.is_completed = task.is_completed();
  created.due_date = ReadDueDate(task, violations);
  created.priority = CheckPriority(task.priority(), "task.priority", violations);
  if (created.priority == v1::PRIORITY_UNSPECIFIED) created.priority = v1::PRIORITY_MEDIUM;
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return created;
}

absl::StatusOr<TaskListing> ValidateList(const v1::ListTasksRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  if (!v1::TaskStatus_IsValid(request.status())) violations.Add("status", "must be pending or completed");
  if (!v1::TaskSortBy_IsValid(request.sort_by())) {
    violations.Add("sort_by", "must be created_at, updated_at, due_date, priority or title");
  }
  if (!v1::SortOrder_IsValid(request.sort_order())) violations.Add("sort_order", "must be asc or desc");
  if (request.page_size() < 0) violations.Add("page_size", "must not be negative");
  TaskListing list;
  list.query.status = request.status();
  list.query.priority = CheckPriority(request.priority(), "priority", violations);
  if (request.sort_by() != v1::TASK_SORT_BY_UNSPECIFIED) list.query.sort_by = request.sort_by();
  list.query.is_descending = request.sort_order() == v1::SORT_ORDER_UNSPECIFIED
                                 ? IsDescendingByDefault(list.query.sort_by)
                                 : request.sort_order() == v1::SORT_ORDER_DESC;
  list.page_size = request.page_size() == 0 ? kDefaultPageSize : std::min(request.page_size(), kMaxPageSize);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return list;
}

absl::StatusOr<ChangeTask> ValidateReplace(const v1::ReplaceTaskRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  ChangeTask replace;
  replace.task_id = CheckTaskId(request.task_id(), violations);
  Mask mask = SetFields(request.task());
  const TaskExpectation expected =
      ReadExpectation(request.task(), mask, request.user_id(), replace.task_id, violations);
  mask.insert({"title", "description", "is_completed", "due_date"});
  replace.change = ReadChange(request.task(), mask, violations);
  replace.change.expected = expected;
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return replace;
}

absl::StatusOr<ChangeTask> ValidateUpdate(const v1::UpdateTaskRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  ChangeTask update;
  update.task_id = CheckTaskId(request.task_id(), violations);
  const Mask mask = request.has_update_mask() ? ReadMask(request.update_mask(), violations) : SetFields(request.task());
  update.change = ReadChange(request.task(), mask, violations);
  update.change.expected = ReadExpectation(request.task(), mask, request.user_id(), update.task_id, violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return update;
}

absl::StatusOr<std::string> ValidateTaskId(const std::string& user_id, const std::string& task_id) {
  FieldViolations violations;
  CheckUserId(user_id, violations);
  std::string lower_case = CheckTaskId(task_id, violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return lower_case;
}

absl::Status ValidateUserId(const std::string& user_id) {
  FieldViolations violations;
  CheckUserId(user_id, violations);
  return violations.ToStatus();
}

}  // namespace todo
