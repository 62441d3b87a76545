#include "services/todo/task_validation.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <openssl/sha.h>

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/todo/timestamps.h"
#include "services/todo/unicode_text.h"

namespace todo {
namespace {

// Which of a task's fields a request speaks about.
using Mask = std::set<std::string>;

constexpr char kOutputDiffers[] = "is output only and differs from the stored value: leave it out";

// The fields that are set, which is what a request without a mask speaks about. An empty string counts as not set.
Mask SetFields(const v1::Task& task) {
  Mask mask;
  const auto add = [&mask](bool is_set, const char* field) {
    if (is_set) mask.insert(field);
  };
  add(!task.title().empty(), "title");
  add(task.has_description(), "description");
  add(task.has_is_completed(), "is_completed");
  add(task.priority() != v1::PRIORITY_UNSPECIFIED, "priority");
  add(task.has_due_date(), "due_date");
  add(task.has_due_time(), "due_time");
  add(task.has_time_zone(), "time_zone");
  add(!task.tags().empty(), "tags");
  add(task.has_list_id(), "list_id");
  add(!task.position().empty(), "position");
  add(task.has_completed_at(), "completed_at");
  add(task.has_created_at(), "created_at");
  add(task.has_updated_at(), "updated_at");
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
  if (!IsStorable(sent)) violations.Add(field, kOutputDiffers);
  return IsStorable(sent) ? FromProto(sent) : absl::UnixEpoch();
}

// The output-only fields and the etag: those that can be compared now are, the others are expected of the stored task.
TaskExpectation ReadExpectation(const v1::Task& task, const Mask& mask, const std::string& user_id,
                                const std::string& task_id, FieldViolations& violations) {
  TaskExpectation expected;
  if (!task.id().empty() && absl::AsciiStrToLower(task.id()) != task_id) {
    violations.Add("id", "is output only and differs from the task's id: leave it out");
  }
  if (!task.user_id().empty() && task.user_id() != user_id) {
    violations.Add("user_id", "is output only and differs from the task's owner: leave it out");
  }
  // A task that can be changed is not in the trash.
  if (task.has_deleted_at()) violations.Add("deleted_at", kOutputDiffers);
  if (task.has_purge_at()) violations.Add("purge_at", kOutputDiffers);
  expected.etag = CheckEtag(task.etag(), violations);
  if (mask.count("created_at") > 0) expected.created_at = ExpectedTime(task.created_at(), "created_at", violations);
  if (mask.count("updated_at") > 0) expected.updated_at = ExpectedTime(task.updated_at(), "updated_at", violations);
  if (mask.count("completed_at") > 0) {
    expected.completed_at.emplace();
    if (task.has_completed_at()) *expected.completed_at = ExpectedTime(task.completed_at(), "completed_at", violations);
  }
  return expected;
}

std::optional<std::string> ReadDescription(const v1::Task& task, FieldViolations& violations) {
  if (!task.has_description()) return std::nullopt;
  return CheckDescription(task.description(), violations);
}

std::optional<std::string> ReadDueDate(const v1::Task& task, FieldViolations& violations) {
  if (!task.has_due_date()) return std::nullopt;
  return CheckDay(task.due_date(), "due_date", violations);
}

std::optional<std::string> ReadDueTime(const v1::Task& task, FieldViolations& violations) {
  if (!task.has_due_time()) return std::nullopt;
  return CheckTimeOfDay(task.due_time(), violations);
}

std::optional<std::string> ReadTimeZone(const v1::Task& task, FieldViolations& violations) {
  if (!task.has_time_zone()) return std::nullopt;
  return CheckTimeZone(task.time_zone(), violations);
}

std::optional<std::string> ReadListId(const v1::Task& task, FieldViolations& violations) {
  if (!task.has_list_id()) return std::nullopt;
  return CheckUuid(task.list_id(), "list_id", violations);
}

bool ReadIsCompleted(const v1::Task& task, FieldViolations& violations) {
  if (!task.has_is_completed()) violations.Add("is_completed", "is required");
  return task.is_completed();
}

v1::Priority ReadPriority(const v1::Task& task, FieldViolations& violations) {
  if (task.priority() == v1::PRIORITY_UNSPECIFIED) violations.Add("priority", "must be High, Medium or Low");
  return CheckPriority(task.priority(), violations);
}

std::string ReadPosition(const v1::Task& task, FieldViolations& violations) {
  if (task.position().empty()) violations.Add("position", "cannot be cleared: leave it out");
  return CheckPosition(task.position(), violations).value_or("");
}

// What is due at a time, or in a zone, is due on a day.
void CheckDueTogether(const std::optional<std::string>& due_date, const std::optional<std::string>& due_time,
                      const std::optional<std::string>& time_zone, FieldViolations& violations) {
  if (due_date) return;
  if (due_time) violations.Add("due_time", "needs a due_date");
  if (time_zone) violations.Add("time_zone", "needs a due_date");
}

// The fields that `mask` names are read, set or not.
TaskChange ReadChange(const v1::Task& task, const Mask& mask, FieldViolations& violations) {
  const auto names = [&mask](const char* field) { return mask.count(field) > 0; };
  TaskChange change;
  if (names("title")) change.title = CheckTitle(task.title(), "title", violations);
  if (names("description")) change.description = ReadDescription(task, violations);
  if (names("is_completed")) change.is_completed = ReadIsCompleted(task, violations);
  if (names("due_date")) change.due_date = ReadDueDate(task, violations);
  if (names("due_time")) change.due_time = ReadDueTime(task, violations);
  if (names("time_zone")) change.time_zone = ReadTimeZone(task, violations);
  if (names("priority")) change.priority = ReadPriority(task, violations);
  if (names("tags")) change.tags = CheckTags(task.tags(), violations);
  if (names("list_id")) change.list_id = ReadListId(task, violations);
  if (names("position")) change.position = ReadPosition(task, violations);
  if (change.due_date) {
    CheckDueTogether(*change.due_date, change.due_time.value_or(std::nullopt), change.time_zone.value_or(std::nullopt),
                     violations);
  }
  return change;
}

// A task that does not exist yet has none of what the service sets.
void CheckNoOutput(const v1::Task& task, const std::string& user_id, FieldViolations& violations) {
  const auto forbid = [&violations](bool is_set, const char* field) {
    if (is_set) violations.Add(field, "is set by the service: leave it out");
  };
  forbid(!task.id().empty(), "id");
  forbid(!task.user_id().empty() && task.user_id() != user_id, "user_id");
  forbid(task.has_completed_at(), "completed_at");
  forbid(task.has_created_at(), "created_at");
  forbid(task.has_updated_at(), "updated_at");
  forbid(task.has_deleted_at(), "deleted_at");
  forbid(task.has_purge_at(), "purge_at");
  forbid(!task.etag().empty(), "etag");
}

std::optional<absl::Time> ReadImportedTime(bool is_set, const google::protobuf::Timestamp& time, const char* field,
                                           FieldViolations& violations) {
  if (!is_set) return std::nullopt;
  if (!IsStorable(time)) violations.Add(field, "must be from the years 1 to 9999, in whole microseconds");
  return IsStorable(time) ? FromProto(time) : absl::UnixEpoch();
}

// The part that all requests about one task have in common.
template <typename Request>
TaskChange ReadNamedTask(const Request& request, TaskOperation operation, FieldViolations& violations) {
  CheckUserId(request.user_id(), violations);
  TaskChange change;
  change.operation = operation;
  change.task_id = CheckUuid(request.task_id(), "task_id", violations);
  change.expected.precondition = CheckEtag(request.etag(), violations);
  return change;
}

// A change by mask, of a request or an entry of one.
template <typename Update>
TaskChange ReadMaskedChange(const Update& update, const std::string& user_id, FieldViolations& violations) {
  const std::string task_id = CheckUuid(update.task_id(), "task_id", violations);
  const Mask mask = update.has_update_mask() ? ReadMask(update.update_mask(), violations) : SetFields(update.task());
  const std::optional<std::string> precondition = CheckEtag(update.etag(), violations);
  const FieldViolations::Scope scope(violations, "task.");
  TaskChange change = ReadChange(update.task(), mask, violations);
  change.task_id = task_id;
  change.expected = ReadExpectation(update.task(), mask, user_id, task_id, violations);
  change.expected.precondition = precondition;
  return change;
}

absl::StatusOr<ChangeTasks> OneChange(TaskChange change, RepeatableCall call, const FieldViolations& violations) {
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return ChangeTasks{{std::move(change)}, std::move(call), ""};
}

// A change of one task that has no content, and may have a key.
template <typename Request>
absl::StatusOr<ChangeTasks> RepeatableChange(const Request& request, TaskOperation operation,
                                             std::optional<bool> is_completed) {
  FieldViolations violations;
  TaskChange change = ReadNamedTask(request, operation, violations);
  change.is_completed = is_completed;
  RepeatableCall call = ReadCall(request, request.idempotency_key(), violations);
  return OneChange(std::move(change), std::move(call), violations);
}

}  // namespace

NewTask ReadNewTask(const v1::Task& task, const std::string& user_id, bool is_import, FieldViolations& violations) {
  if (!is_import) CheckNoOutput(task, user_id, violations);
  NewTask created;
  created.title = CheckTitle(task.title(), "title", violations);
  created.description = ReadDescription(task, violations);
  created.is_completed = task.is_completed();
  created.due_date = ReadDueDate(task, violations);
  created.due_time = ReadDueTime(task, violations);
  created.time_zone = ReadTimeZone(task, violations);
  CheckDueTogether(created.due_date, created.due_time, created.time_zone, violations);
  created.priority = CheckPriority(task.priority(), violations);
  if (created.priority == v1::PRIORITY_UNSPECIFIED) created.priority = v1::PRIORITY_MEDIUM;
  created.tags = CheckTags(task.tags(), violations);
  // Within an import the ids of lists are whatever the import says.
  if (!is_import) created.list_id = ReadListId(task, violations);
  created.position = CheckPosition(task.position(), violations);
  if (is_import) {
    created.created_at = ReadImportedTime(task.has_created_at(), task.created_at(), "created_at", violations);
    created.completed_at = ReadImportedTime(task.has_completed_at(), task.completed_at(), "completed_at", violations);
  }
  return created;
}

TaskChange ReadUpdate(const v1::TaskUpdate& update, const std::string& user_id, FieldViolations& violations) {
  return ReadMaskedChange(update, user_id, violations);
}

RepeatableCall ReadCall(const google::protobuf::Message& request, const std::string& key, FieldViolations& violations) {
  RepeatableCall call;
  call.key = CheckIdempotencyKey(key, violations);
  if (!call.key) return call;
  // Alike for the same content, whatever order its maps are in.
  std::string content = absl::StrCat(request.GetTypeName(), "\n");
  {
    google::protobuf::io::StringOutputStream stream(&content);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  call.fingerprint.resize(SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const uint8_t*>(content.data()), content.size(),
         reinterpret_cast<uint8_t*>(call.fingerprint.data()));
  return call;
}

absl::StatusOr<CreateTasks> ValidateCreate(const v1::CreateTaskRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  CreateTasks create;
  create.call = ReadCall(request, request.idempotency_key(), violations);
  {
    const FieldViolations::Scope scope(violations, "task.");
    create.tasks.push_back(ReadNewTask(request.task(), request.user_id(), false, violations));
  }
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return create;
}

absl::StatusOr<ChangeTasks> ValidateReplace(const v1::ReplaceTaskRequest& request) {
  FieldViolations violations;
  const TaskChange named = ReadNamedTask(request, TaskOperation::kUpdate, violations);
  RepeatableCall call = ReadCall(request, request.idempotency_key(), violations);
  Mask mask = SetFields(request.task());
  const FieldViolations::Scope scope(violations, "task.");
  const TaskExpectation expected = ReadExpectation(request.task(), mask, request.user_id(), named.task_id, violations);
  mask.insert({"title", "description", "is_completed", "due_date", "due_time", "time_zone", "tags", "list_id"});
  TaskChange change = ReadChange(request.task(), mask, violations);
  change.task_id = named.task_id;
  change.expected = expected;
  change.expected.precondition = named.expected.precondition;
  return OneChange(std::move(change), std::move(call), violations);
}

absl::StatusOr<ChangeTasks> ValidateUpdate(const v1::UpdateTaskRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  RepeatableCall call = ReadCall(request, request.idempotency_key(), violations);
  TaskChange change = ReadMaskedChange(request, request.user_id(), violations);
  return OneChange(std::move(change), std::move(call), violations);
}

absl::StatusOr<ChangeTasks> ValidateToggle(const v1::ToggleTaskRequest& request) {
  return RepeatableChange(request, TaskOperation::kToggle, {});
}

absl::StatusOr<ChangeTasks> ValidateComplete(const v1::CompleteTaskRequest& request) {
  return RepeatableChange(request, TaskOperation::kUpdate, true);
}

absl::StatusOr<ChangeTasks> ValidateDelete(const v1::DeleteTaskRequest& request) {
  FieldViolations violations;
  return OneChange(ReadNamedTask(request, TaskOperation::kDelete, violations), {}, violations);
}

absl::StatusOr<ChangeTasks> ValidateUndelete(const v1::UndeleteTaskRequest& request) {
  FieldViolations violations;
  return OneChange(ReadNamedTask(request, TaskOperation::kUndelete, violations), {}, violations);
}

absl::StatusOr<std::string> ValidateId(const std::string& user_id, const std::string& id, std::string_view field) {
  FieldViolations violations;
  CheckUserId(user_id, violations);
  std::string lower_case = CheckUuid(id, field, violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return lower_case;
}

absl::Status ValidateUserId(const std::string& user_id) {
  FieldViolations violations;
  CheckUserId(user_id, violations);
  return violations.ToStatus();
}

absl::StatusOr<std::string> ValidateTimeZone(const std::string& user_id, const std::string& time_zone) {
  FieldViolations violations;
  CheckUserId(user_id, violations);
  std::string name = time_zone.empty() ? "UTC" : CheckTimeZone(time_zone, violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return name;
}

}  // namespace todo
