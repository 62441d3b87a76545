#include "services/todo/task_json.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/todo/json_object.h"
#include "services/todo/timestamps.h"

namespace todo {
namespace {

std::string_view Text(bool value) { return value ? "true" : "false"; }

const char* NameOf(TaskOperation operation) {
  switch (operation) {
    case TaskOperation::kToggle:
      return "toggle";
    case TaskOperation::kDelete:
      return "delete";
    case TaskOperation::kUndelete:
      return "undelete";
    default:
      return "update";
  }
}

std::optional<std::string> TimeText(const std::optional<absl::Time>& time) {
  if (!time) return std::nullopt;
  return ToSql(*time);
}

// An etag as the number that it is; -1, which no task has, where it is none of ours.
std::string RevisionText(const std::string& etag) {
  const bool is_ours =
      !etag.empty() && etag.size() <= 18 && etag[0] != '0' && etag.find_first_not_of("0123456789") == std::string::npos;
  return is_ours ? etag : "-1";
}

void AppendExpected(const TaskExpectation& expected, std::string* json) {
  JsonObject object(json);
  if (expected.etag) object.Raw("revision", RevisionText(*expected.etag));
  if (expected.created_at) object.Text("created_at", ToSql(*expected.created_at));
  if (expected.updated_at) object.Text("updated_at", ToSql(*expected.updated_at));
  if (expected.completed_at) object.OptionalText("completed_at", TimeText(*expected.completed_at));
}

void AppendSet(const TaskChange& change, std::string* json) {
  JsonObject object(json);
  if (change.title) object.Text("title", *change.title);
  if (change.description) object.OptionalText("description", *change.description);
  if (change.is_completed) object.Raw("is_completed", Text(*change.is_completed));
  if (change.priority) object.Raw("priority", std::to_string(static_cast<int>(*change.priority)));
  if (change.due_date) object.OptionalText("due_date", *change.due_date);
  if (change.due_time) object.OptionalText("due_time", *change.due_time);
  if (change.time_zone) object.OptionalText("time_zone", *change.time_zone);
  if (change.tags) object.Texts("tags", *change.tags);
  if (change.list_id) object.OptionalText("list_id", *change.list_id);
  if (change.position) object.Text("position", *change.position);
}

}  // namespace

void AppendNewTask(const std::string& task_id, const NewTask& task, std::string* json) {
  JsonObject object(json);
  object.Text("id", task_id);
  object.Text("title", task.title);
  object.OptionalText("description", task.description);
  object.Raw("is_completed", Text(task.is_completed));
  object.Raw("priority", std::to_string(static_cast<int>(task.priority)));
  object.OptionalText("due_date", task.due_date);
  object.OptionalText("due_time", task.due_time);
  object.OptionalText("time_zone", task.time_zone);
  object.Texts("tags", task.tags);
  object.OptionalText("list_id", task.list_id);
  object.OptionalText("position", task.position);
  object.OptionalText("created_at", TimeText(task.created_at));
  object.OptionalText("completed_at", TimeText(task.completed_at));
}

void AppendTaskChange(const TaskChange& change, std::string* json) {
  JsonObject object(json);
  object.Text("id", change.task_id);
  object.Text("op", NameOf(change.operation));
  if (change.expected.precondition) object.Text("etag", *change.expected.precondition);
  object.Name("expected");
  AppendExpected(change.expected, json);
  object.Name("set");
  AppendSet(change, json);
}

}  // namespace todo
