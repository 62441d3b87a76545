#include "services/todo/batch_validation.h"

#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/todo/unicode_text.h"
#include "services/todo/uuid.h"

namespace todo {
namespace {

constexpr int kMaxBatch = 100;
constexpr int kMaxImport = 1000;
constexpr size_t kMaxImportedId = 255;

// False, and a violation, where there are none or too many: they are not looked at then.
bool CheckCount(const char* field, int count, int most, FieldViolations& violations) {
  if (count == 0) violations.Add(field, "is required");
  if (count > most) violations.Add(field, absl::StrCat("must not be more than ", most));
  return count > 0 && count <= most;
}

std::string Entry(const char* field, int i) { return absl::StrCat(field, "[", i, "]."); }

void CheckNoTaskTwice(const char* field, const std::vector<TaskChange>& changes, FieldViolations& violations) {
  std::set<std::string> seen;
  for (size_t i = 0; i < changes.size(); ++i) {
    if (!seen.insert(changes[i].task_id).second) {
      violations.Add(Entry(field, static_cast<int>(i)) + "task_id", "must not stand twice");
    }
  }
}

absl::StatusOr<ChangeTasks> Checked(ChangeTasks change, FieldViolations& violations) {
  CheckNoTaskTwice(change.entries.c_str(), change.changes, violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return change;
}

// The lists of an import, and which id each id of the import stands for.
class ImportedLists {
 public:
  ImportedLists(const v1::ImportTasksRequest& request, absl::Time now, FieldViolations& violations) {
    if (request.lists_size() > kMaxLists) {
      violations.Add("lists", absl::StrCat("must not be more than ", kMaxLists));
      return;
    }
    for (int i = 0; i < request.lists_size(); ++i) {
      const FieldViolations::Scope scope(violations, Entry("lists", i));
      Add(request.lists(i), now, violations);
    }
  }

  // The id that a task's `list_id` stands for.
  std::string Resolve(const std::string& list_id, FieldViolations& violations) const {
    const auto imported = ids_.find(list_id);
    if (imported != ids_.end()) return imported->second;
    if (!IsUuid(list_id)) violations.Add("list_id", "must be the id of one of `lists`, or of a list that is there");
    return absl::AsciiStrToLower(list_id);
  }

  std::vector<NewTaskList>& lists() { return lists_; }

 private:
  void Add(const v1::TaskList& list, absl::Time now, FieldViolations& violations) {
    const bool is_id = !list.id().empty() && CountCharacters(list.id()) <= kMaxImportedId;
    if (!is_id) violations.Add("id", "must be 1 to 255 characters");
    // An id of ours stays, so that what is imported where it came from finds its lists again.
    std::string id = IsUuid(list.id()) ? absl::AsciiStrToLower(list.id()) : NewUuid(now);
    if (!ids_.emplace(list.id(), id).second) violations.Add("id", "must not stand twice");
    lists_.push_back(
        {std::move(id), CheckTitle(list.name(), "name", violations), CheckPosition(list.position(), violations)});
  }

  std::vector<NewTaskList> lists_;
  std::map<std::string, std::string> ids_;
};

}  // namespace

absl::StatusOr<CreateTasks> ValidateBatchCreate(const v1::BatchCreateTasksRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  CreateTasks create;
  create.entries = "tasks";
  create.call = ReadCall(request, request.idempotency_key(), violations);
  if (CheckCount("tasks", request.tasks_size(), kMaxBatch, violations)) {
    for (int i = 0; i < request.tasks_size(); ++i) {
      const FieldViolations::Scope scope(violations, Entry("tasks", i));
      create.tasks.push_back(ReadNewTask(request.tasks(i), request.user_id(), false, violations));
    }
  }
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return create;
}

absl::StatusOr<ChangeTasks> ValidateBatchUpdate(const v1::BatchUpdateTasksRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  ChangeTasks change;
  change.entries = "updates";
  change.call = ReadCall(request, request.idempotency_key(), violations);
  if (CheckCount("updates", request.updates_size(), kMaxBatch, violations)) {
    for (int i = 0; i < request.updates_size(); ++i) {
      const FieldViolations::Scope scope(violations, Entry("updates", i));
      change.changes.push_back(ReadUpdate(request.updates(i), request.user_id(), violations));
    }
  }
  return Checked(std::move(change), violations);
}

absl::StatusOr<ChangeTasks> ValidateBatchDelete(const v1::BatchDeleteTasksRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  ChangeTasks change;
  change.entries = "deletions";
  change.call = ReadCall(request, request.idempotency_key(), violations);
  if (CheckCount("deletions", request.deletions_size(), kMaxBatch, violations)) {
    for (int i = 0; i < request.deletions_size(); ++i) {
      const FieldViolations::Scope scope(violations, Entry("deletions", i));
      TaskChange& deletion = change.changes.emplace_back();
      deletion.operation = TaskOperation::kDelete;
      deletion.task_id = CheckUuid(request.deletions(i).task_id(), "task_id", violations);
      deletion.expected.precondition = CheckEtag(request.deletions(i).etag(), violations);
    }
  }
  return Checked(std::move(change), violations);
}

absl::StatusOr<ImportTasks> ValidateImport(const v1::ImportTasksRequest& request, absl::Time now) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  ImportTasks import;
  import.create.call = ReadCall(request, request.idempotency_key(), violations);
  ImportedLists lists(request, now, violations);
  const bool has_lists_alone = request.tasks().empty() && !request.lists().empty();
  if (!has_lists_alone && CheckCount("tasks", request.tasks_size(), kMaxImport, violations)) {
    for (int i = 0; i < request.tasks_size(); ++i) {
      const FieldViolations::Scope scope(violations, Entry("tasks", i));
      NewTask& task =
          import.create.tasks.emplace_back(ReadNewTask(request.tasks(i), request.user_id(), true, violations));
      if (request.tasks(i).has_list_id()) task.list_id = lists.Resolve(request.tasks(i).list_id(), violations);
    }
  }
  import.lists = std::move(lists.lists());
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return import;
}

}  // namespace todo
