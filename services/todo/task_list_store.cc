#include "services/todo/task_list_store.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/todo/batch_validation.h"
#include "services/todo/json_object.h"
#include "services/todo/task_columns.h"
#include "services/todo/task_errors.h"
#include "services/todo/task_statements.h"
#include "services/todo/uuid.h"
#include "services/todo/write_outcome.h"

namespace todo {
namespace {

// How many tasks are taken out of a list at a time.
constexpr char kPart[] = "1000";

std::optional<std::string> Hex(const RepeatableCall& call) {
  if (!call.key) return std::nullopt;
  return absl::BytesToHexString(call.fingerprint);
}

std::string ToSet(const ChangeTaskList& change) {
  std::string json;
  {
    JsonObject object(&json);
    if (change.name) object.Text("name", *change.name);
    if (change.position) object.Text("position", *change.position);
  }
  return json;
}

absl::StatusOr<v1::TaskList> ReadWrittenList(const absl::StatusOr<pqxx::result>& rows, const std::string& user_id) {
  if (!rows.ok()) return rows.status();
  if (absl::Status status = ToStatus(rows->front()[0].c_str()); !status.ok()) return status;
  return ReadTaskList(rows->front(), 1, user_id);
}

}  // namespace

absl::StatusOr<v1::TaskList> TaskListStore::Create(const std::string& user_id, const CreateTaskList& create,
                                                   Deadline deadline) {
  const Parameters parameters = {user_id,         NewUuid(clock_.Now()),   create.name,
                                 create.position, absl::StrCat(kMaxLists), create.call.key,
                                 Hex(create.call)};
  const auto rows = create.call.key ? database_.WriteRepeatably(InsertTaskList(), parameters, deadline)
                                    : database_.Write(InsertTaskList(), parameters, deadline);
  if (rows.ok()) on_change_(user_id);
  return ReadWrittenList(rows, user_id);
}

absl::StatusOr<google::protobuf::RepeatedPtrField<v1::TaskList>> TaskListStore::List(const std::string& user_id,
                                                                                     Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectTaskLists(), {user_id}, deadline);
  if (!rows.ok()) return rows.status();
  google::protobuf::RepeatedPtrField<v1::TaskList> lists;
  for (const auto& row : *rows) *lists.Add() = ReadTaskList(row, 0, user_id);
  return lists;
}

absl::StatusOr<v1::TaskList> TaskListStore::Get(const std::string& user_id, const std::string& list_id,
                                                Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectTaskList(), {user_id, list_id}, deadline);
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return TaskListNotFound();
  return ReadTaskList(rows->front(), 0, user_id);
}

absl::StatusOr<v1::TaskList> TaskListStore::Change(const std::string& user_id, const ChangeTaskList& change,
                                                   Deadline deadline) {
  const Parameters parameters = {user_id,       change.list_id,  change.precondition,
                                 ToSet(change), change.call.key, Hex(change.call)};
  const auto rows = change.call.key ? database_.WriteRepeatably(UpdateTaskListRow(), parameters, deadline)
                                    : database_.Write(UpdateTaskListRow(), parameters, deadline);
  if (rows.ok()) on_change_(user_id);
  absl::StatusOr<v1::TaskList> list = ReadWrittenList(rows, user_id);
  if (absl::IsAborted(list.status()) && change.is_precondition_of_list) return StaleEtag();
  return list;
}

absl::Status TaskListStore::Delete(const std::string& user_id, const DeleteTaskList& deletion, Deadline deadline) {
  // Of a list whose tasks were taken out in part the etag is still that of the list.
  while (true) {
    absl::StatusOr<pqxx::result> rows =
        database_.Write(RemoveTaskList(), {user_id, deletion.list_id, deletion.precondition, kPart}, deadline);
    if (!rows.ok()) return rows.status();
    const std::string outcome = rows->front()[0].c_str();
    if (outcome != "ok" && outcome != "more") return ToStatus(outcome);
    on_change_(user_id);
    if (outcome == "ok") return absl::OkStatus();
    if (HasPassed(deadline)) return TookTooLong();
  }
}

}  // namespace todo
