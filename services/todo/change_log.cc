#include "services/todo/change_log.h"

#include "absl/strings/str_cat.h"
#include "services/todo/array_literal.h"
#include "services/todo/task_columns.h"
#include "services/todo/task_statements.h"

namespace todo {
namespace {

constexpr size_t kMaxBytes = 1 << 20;

constexpr int kIsListColumn = 3;
constexpr int kItemColumn = 4;
// Where TaskColumns() has the number of the change.
constexpr int kRevisionColumn = kItemColumn + 9;

// A row that SelectChanges() made of a list, whose columns are those of a task.
v1::TaskList ReadListRow(const pqxx::row& row, const std::string& user_id) {
  const v1::Task task = ReadTask(row, kItemColumn, user_id);
  v1::TaskList list;
  list.set_id(task.id());
  list.set_user_id(user_id);
  list.set_name(task.title());
  list.set_position(task.position());
  list.set_etag(task.etag());
  if (task.has_deleted_at()) *list.mutable_deleted_at() = task.deleted_at();
  return list;
}

Change ReadChange(const pqxx::row& row, const std::string& user_id) {
  const int64_t number = ReadInteger(row, kRevisionColumn);
  if (row[kIsListColumn].c_str()[0] == 't') return {number, ReadListRow(row, user_id)};
  return {number, ReadTask(row, kItemColumn, user_id)};
}

size_t SizeOf(const Change& change) {
  return std::visit([](const auto& item) { return item.ByteSizeLong(); }, change.item);
}

}  // namespace

absl::StatusOr<Changes> ChangeLog::Read(const std::string& user_id, int64_t after, int limit, Deadline deadline) {
  absl::StatusOr<pqxx::result> rows =
      database_.Read(SelectChanges(), {user_id, absl::StrCat(after), absl::StrCat(limit + 1)}, deadline);
  if (!rows.ok()) return rows.status();
  Changes changes;
  const pqxx::row first = rows->front();
  changes.state = {ReadInteger(first, 0), ReadInteger(first, 1), ReadInteger(first, 2)};
  size_t bytes = 0;
  for (const auto& row : *rows) {
    if (row[kItemColumn].is_null()) break;
    Change change = ReadChange(row, user_id);
    bytes += SizeOf(change);
    const size_t count = changes.changes.size();
    changes.has_more = count == static_cast<size_t>(limit) || (count > 0 && bytes > kMaxBytes);
    if (changes.has_more) break;
    changes.changes.push_back(std::move(change));
  }
  return changes;
}

absl::StatusOr<std::map<std::string, ChangeState>> ChangeLog::ReadStates(const std::vector<std::string>& user_ids,
                                                                         Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectChangeStates(), {ArrayLiteral(user_ids)}, deadline);
  if (!rows.ok()) return rows.status();
  std::map<std::string, ChangeState> states;
  for (const auto& row : *rows) states[row[0].c_str()] = {ReadInteger(row, 1), ReadInteger(row, 2), 0};
  return states;
}

}  // namespace todo
