#include "services/todo/write_outcome.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/grpc/error.h"
#include "services/todo/task_columns.h"
#include "services/todo/task_errors.h"

namespace todo {
namespace {

// The path of an entry's task, or of the only one; `entry` counts from 1.
std::string TaskPath(const std::string& entries, int64_t entry) {
  if (entries.empty()) return "task.";
  const std::string named = absl::StrCat(entries, "[", entry - 1, "].");
  return entries == "updates" ? named + "task." : named;
}

absl::Status Violation(const std::string& field, const char* description) {
  return common::InvalidFields({{field, description}});
}

absl::Status OfEntry(const std::string& entries, int64_t entry, const absl::Status& status) {
  return entries.empty() ? status : InEntry(absl::StrCat(entries, "[", entry - 1, "]"), status);
}

absl::Status FaultOf(const pqxx::row& row, const std::string& user_id, const std::string& entries,
                     const ChangeTasks* change) {
  const std::string_view outcome = row[0].c_str();
  const int64_t entry = ReadInteger(row, 1);
  const std::string path = TaskPath(entries, entry);
  if (outcome == "missing") return OfEntry(entries, entry, TaskNotFound());
  if (outcome == "no_list") return Violation(path + "list_id", "must be the id of a list that is there");
  if (outcome == "no_due_date") return Violation(path + "due_time", "needs a due_date, and so does time_zone");
  const bool is_other = outcome == "stale" || outcome == "differs";
  if (is_other && change != nullptr && entry >= 1 && entry <= static_cast<int64_t>(change->changes.size())) {
    const absl::Status status =
        CheckExpectation(change->changes[static_cast<size_t>(entry) - 1].expected, ReadTask(row, 2, user_id), path);
    if (!status.ok()) return absl::IsAborted(status) ? OfEntry(entries, entry, status) : status;
  }
  const absl::Status status = ToStatus(std::string(outcome));
  return status.ok() ? absl::InternalError("the database gave an answer of an unknown kind") : status;
}

absl::StatusOr<Tasks> Read(const pqxx::result& rows, const std::string& user_id, const std::string& entries,
                           const ChangeTasks* change) {
  Tasks tasks;
  tasks.Reserve(static_cast<int>(rows.size()));
  for (const auto& row : rows) {
    const std::string_view outcome = row[0].c_str();
    if (outcome == "lists") continue;
    if (outcome != "ok") return FaultOf(row, user_id, entries, change);
    *tasks.Add() = ReadTask(row, 2, user_id);
  }
  return tasks;
}

}  // namespace

absl::StatusOr<Tasks> ReadWritten(const pqxx::result& rows, const std::string& user_id, const std::string& entries) {
  return Read(rows, user_id, entries, nullptr);
}

absl::StatusOr<Tasks> ReadChanged(const pqxx::result& rows, const std::string& user_id, const ChangeTasks& change) {
  return Read(rows, user_id, change.entries, &change);
}

absl::Status ToStatus(const std::string& outcome) {
  if (outcome == "missing") return TaskListNotFound();
  if (outcome == "stale") return PreconditionFailed();
  if (outcome == "full") return TooManyLists();
  if (outcome == "key_reused") return KeyReused();
  return absl::OkStatus();
}

absl::Status KeyReused() {
  return Violation("idempotency_key", "was used for another request within 24 hours: choose a new one");
}

}  // namespace todo
