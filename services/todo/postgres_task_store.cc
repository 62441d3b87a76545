#include "services/todo/postgres_task_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/todo/list_statement.h"
#include "services/todo/task_columns.h"
#include "services/todo/task_errors.h"
#include "services/todo/task_statements.h"
#include "services/todo/timestamps.h"
#include "services/todo/uuid.h"

namespace todo {
namespace {

constexpr size_t kMaxPageBytes = 1 << 20;

std::string Text(bool value) { return value ? "true" : "false"; }

std::optional<std::string> PriorityText(const std::optional<v1::Priority>& priority) {
  if (!priority) return std::nullopt;
  return absl::StrCat(static_cast<int>(*priority));
}

std::optional<std::string> TimeText(const std::optional<absl::Time>& time) {
  if (!time) return std::nullopt;
  return ToSql(*time);
}

Parameters ChangeParameters(const std::string& user_id, const std::string& task_id, const TaskChange& change) {
  const TaskExpectation& expected = change.expected;
  return {user_id,
          task_id,
          change.title,
          Text(change.description.has_value()),
          change.description.value_or(std::nullopt),
          Text(change.toggles_completion),
          change.is_completed ? std::optional<std::string>(Text(*change.is_completed)) : std::nullopt,
          PriorityText(change.priority),
          Text(change.due_date.has_value()),
          change.due_date.value_or(std::nullopt),
          expected.etag,
          TimeText(expected.created_at),
          TimeText(expected.updated_at),
          Text(expected.completed_at.has_value()),
          TimeText(expected.completed_at.value_or(std::nullopt))};
}

TaskCounts ReadCounts(const pqxx::row& row) {
  const auto column = [&row](int i) { return ReadInteger(row, i); };
  return {{column(0), column(1), column(2)}, {column(3), column(4), column(5)}};
}

TaskPage ReadPage(const pqxx::result& rows, size_t page_size, const std::string& user_id) {
  TaskPage page;
  page.counts = ReadCounts(rows.front());
  size_t bytes = 0;
  for (const auto& row : rows) {
    if (row[kCounterColumnCount].is_null()) break;
    v1::Task task = ReadTask(row, kCounterColumnCount, user_id);
    bytes += task.ByteSizeLong();
    const auto count = static_cast<size_t>(page.tasks.size());
    page.has_more = count == page_size || (count > 0 && bytes > kMaxPageBytes);
    if (page.has_more) break;
    *page.tasks.Add() = std::move(task);
  }
  return page;
}

}  // namespace

absl::StatusOr<v1::Task> PostgresTaskStore::Create(const std::string& user_id, const NewTask& task, Deadline deadline) {
  const Parameters parameters = {user_id,          NewUuid(clock_.Now()),   task.title,
                                 task.description, Text(task.is_completed), PriorityText(task.priority),
                                 task.due_date};
  absl::StatusOr<pqxx::result> rows = database_.Write(InsertTask(), parameters, deadline);
  if (!rows.ok()) return rows.status();
  return ReadTask(rows->front(), 0, user_id);
}

absl::StatusOr<v1::Task> PostgresTaskStore::Get(const std::string& user_id, const std::string& task_id,
                                                Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectTask(), {user_id, task_id}, deadline);
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return TaskNotFound();
  return ReadTask(rows->front(), 0, user_id);
}

absl::StatusOr<TaskPage> PostgresTaskStore::List(const std::string& user_id, const TaskListQuery& query,
                                                 const std::optional<TaskListCursor>& cursor, int page_size,
                                                 Deadline deadline) {
  const ListPageSql sql = MakeListPageSql(user_id, query, cursor, page_size + 1);
  absl::StatusOr<pqxx::result> rows = database_.Read(sql.statement, sql.parameters, deadline);
  if (!rows.ok()) return rows.status();
  return ReadPage(*rows, static_cast<size_t>(page_size), user_id);
}

absl::StatusOr<v1::Task> PostgresTaskStore::Change(const std::string& user_id, const std::string& task_id,
                                                   const TaskChange& change, Deadline deadline) {
  absl::StatusOr<pqxx::result> rows =
      database_.Write(UpdateTask(), ChangeParameters(user_id, task_id, change), deadline);
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return TaskNotFound();
  const bool was_written = rows->front()[0].c_str()[0] == 't';
  v1::Task task = ReadTask(rows->front(), 1, user_id);
  if (!was_written) {
    if (absl::Status status = CheckExpectation(change.expected, task); !status.ok()) return status;
  }
  return task;
}

absl::Status PostgresTaskStore::Delete(const std::string& user_id, const std::string& task_id, Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = database_.Write(TrashTask(), {user_id, task_id}, deadline);
  if (!rows.ok()) return rows.status();
  return rows->empty() ? TaskNotFound() : absl::OkStatus();
}

absl::StatusOr<TaskStore::Metrics> PostgresTaskStore::GetMetrics(const std::string& user_id, const std::string& today,
                                                                 Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectMetrics(), {user_id, today}, deadline);
  if (!rows.ok()) return rows.status();
  return Metrics{ReadCounts(rows->front()), ReadInteger(rows->front(), kCounterColumnCount)};
}

absl::StatusOr<PageTokenKey> PostgresTaskStore::GetPageTokenKey(Deadline deadline) {
  {
    common::MutexLock lock(mutex_);
    if (page_token_key_) return *page_token_key_;
  }
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectPageTokenKey(), {}, deadline);
  if (!rows.ok()) return rows.status();
  const std::string bytes = rows->empty() ? "" : absl::HexStringToBytes(rows->front()[0].c_str());
  PageTokenKey key;
  if (bytes.size() != key.size()) return absl::InternalError("the database holds no page token key");
  std::copy(bytes.begin(), bytes.end(), key.begin());
  common::MutexLock lock(mutex_);
  page_token_key_ = key;
  return key;
}

}  // namespace todo
