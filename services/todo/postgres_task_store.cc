#include "services/todo/postgres_task_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/todo/array_literal.h"
#include "services/todo/json_object.h"
#include "services/todo/list_statement.h"
#include "services/todo/task_columns.h"
#include "services/todo/task_errors.h"
#include "services/todo/task_json.h"
#include "services/todo/task_statements.h"
#include "services/todo/timestamps.h"
#include "services/todo/uuid.h"
#include "services/todo/write_outcome.h"

namespace todo {
namespace {

constexpr size_t kMaxPageBytes = 1 << 20;
constexpr char kFirstId[] = "00000000-0000-0000-0000-000000000000";
// How many tasks the methods that may touch any number of them take at a time.
constexpr char kPart[] = "2000";

// Where a list's columns are.
constexpr int kCountColumn = kCounterColumnCount;
constexpr int kMatchesColumn = kCountColumn + 1;
constexpr int kLookedAtColumn = kCountColumn + 2;
constexpr int kTaskColumn = kCountColumn + 3;

std::string Text(bool value) { return value ? "true" : "false"; }

std::optional<std::string> Hex(const RepeatableCall& call) {
  if (!call.key) return std::nullopt;
  return absl::BytesToHexString(call.fingerprint);
}

TaskCounts ReadCounts(const pqxx::row& row) {
  const auto column = [&row](int i) { return ReadInteger(row, i); };
  return {{column(0), column(1), column(2)}, {column(3), column(4), column(5)}, column(6)};
}

// Takes tasks until there are enough of them, by number or by size.
class PageTasks {
 public:
  PageTasks(size_t page_size, Tasks& tasks) : page_size_(page_size), tasks_(tasks) {}

  // False where the page is full without it.
  bool Add(v1::Task task) {
    bytes_ += task.ByteSizeLong();
    const auto count = static_cast<size_t>(tasks_.size());
    if (count == page_size_ || (count > 0 && bytes_ > kMaxPageBytes)) return false;
    *tasks_.Add() = std::move(task);
    return true;
  }

 private:
  const size_t page_size_;
  Tasks& tasks_;
  size_t bytes_ = 0;
};

void ReadCount(const pqxx::row& row, const TaskListQuery& query, TaskPage& page) {
  const TaskCounts counts = ReadCounts(row);
  if (row[kCountColumn].is_null()) {
    page.count = counts.Matching(query);
    page.is_count_exact = !query.has_filter() || page.count <= kMaxCount;
  } else {
    page.count = ReadInteger(row, kCountColumn);
    const bool all_were_looked_at = counts.total() + (query.show_deleted ? counts.trashed : 0) <= kMaxLookedAt;
    page.is_count_exact = page.count <= kMaxCount && all_were_looked_at;
  }
  if (query.has_filter()) page.count = std::min<int64_t>(page.count, kMaxCount);
}

TaskPage ReadPage(const pqxx::result& rows, const TaskListQuery& query, size_t page_size, const std::string& user_id) {
  TaskPage page;
  ReadCount(rows.front(), query, page);
  PageTasks tasks(page_size, page.tasks);
  for (const auto& row : rows) {
    if (row[kTaskColumn].is_null()) break;
    v1::Task task = ReadTask(row, kTaskColumn, user_id);
    std::optional<TaskListCursor> end;
    if (ReadInteger(row, kLookedAtColumn) == kMaxLookedAt) end = CursorBehind(task, query.sort_by);
    const bool matches = row[kMatchesColumn].c_str()[0] == 't';
    if (matches && !tasks.Add(std::move(task))) {
      page.next = CursorBehind(*page.tasks.rbegin(), query.sort_by);
      break;
    }
    // Nothing behind it was looked at.
    if (end) page.next = std::move(end);
  }
  return page;
}

template <typename Items, typename Append>
std::string JsonArray(const Items& items, Append append) {
  std::string json = "[";
  for (const auto& item : items) {
    if (json.size() > 1) json.push_back(',');
    append(item, &json);
  }
  json.push_back(']');
  return json;
}

void AppendNewTaskList(const NewTaskList& list, std::string* json) {
  JsonObject object(json);
  object.Text("id", list.id);
  object.Text("name", list.name);
  object.OptionalText("position", list.position);
}

}  // namespace

absl::StatusOr<Tasks> PostgresTaskStore::Create(const std::string& user_id, const CreateTasks& create,
                                                Deadline deadline) {
  if (create.tasks.size() == 1 && !create.call.key && !create.tasks[0].list_id) {
    return CreateOne(user_id, create.tasks[0], deadline);
  }
  absl::StatusOr<pqxx::result> rows = WriteMany(user_id, {}, create, deadline);
  if (!rows.ok()) return rows.status();
  return ReadWritten(*rows, user_id, create.entries);
}

absl::StatusOr<Tasks> PostgresTaskStore::CreateOne(const std::string& user_id, const NewTask& task, Deadline deadline) {
  const std::string id = NewUuid(clock_.Now());
  const Parameters parameters = {user_id,
                                 id,
                                 task.title,
                                 task.description,
                                 Text(task.is_completed),
                                 std::to_string(static_cast<int>(task.priority)),
                                 task.due_date,
                                 task.due_time,
                                 task.time_zone,
                                 ArrayLiteral(task.tags),
                                 std::nullopt,
                                 task.position};
  absl::StatusOr<pqxx::result> rows = database_.WriteRepeatably(InsertTask(), parameters, deadline);
  if (absl::IsAlreadyExists(rows.status())) {
    // The answer to the first try was lost; the id is ours, so the task is this one.
    absl::StatusOr<v1::Task> created = Get(user_id, id, deadline);
    if (!created.ok()) return created.status();
    on_change_(user_id);
    Tasks tasks;
    *tasks.Add() = *std::move(created);
    return tasks;
  }
  if (!rows.ok()) return rows.status();
  on_change_(user_id);
  return ReadWritten(*rows, user_id, "");
}

absl::StatusOr<pqxx::result> PostgresTaskStore::WriteMany(const std::string& user_id,
                                                          const std::vector<NewTaskList>& lists,
                                                          const CreateTasks& create, Deadline deadline) {
  const absl::Time now = clock_.Now();
  const Parameters parameters = {
      user_id,
      JsonArray(lists, AppendNewTaskList),
      absl::StrCat(kMaxLists),
      JsonArray(create.tasks,
                [now](const NewTask& task, std::string* json) { AppendNewTask(NewUuid(now), task, json); }),
      create.call.key,
      Hex(create.call)};
  // With a key the second try finds the answer of the first; without one, its ids are taken.
  absl::StatusOr<pqxx::result> rows = create.call.key ? database_.WriteRepeatably(InsertTasks(), parameters, deadline)
                                                      : database_.Write(InsertTasks(), parameters, deadline);
  if (rows.ok()) on_change_(user_id);
  return rows;
}

absl::StatusOr<TaskStore::Imported> PostgresTaskStore::Import(const std::string& user_id, const ImportTasks& import,
                                                              Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = WriteMany(user_id, import.lists, import.create, deadline);
  if (!rows.ok()) return rows.status();
  const absl::StatusOr<Tasks> tasks = ReadWritten(*rows, user_id, "tasks");
  if (!tasks.ok()) return tasks.status();
  Imported imported;
  imported.tasks = tasks->size();
  for (const auto& row : *rows) {
    if (row[0].c_str() == std::string_view("lists")) imported.lists = static_cast<int>(ReadInteger(row, 1));
  }
  return imported;
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
  return ReadPage(*rows, query, static_cast<size_t>(page_size), user_id);
}

absl::StatusOr<Tasks> PostgresTaskStore::Change(const std::string& user_id, const ChangeTasks& change,
                                                Deadline deadline) {
  const Parameters parameters = {user_id, JsonArray(change.changes, AppendTaskChange), change.call.key,
                                 Hex(change.call)};
  absl::StatusOr<pqxx::result> rows = change.call.key
                                          ? database_.WriteRepeatably(ChangeTaskRows(), parameters, deadline)
                                          : database_.Write(ChangeTaskRows(), parameters, deadline);
  if (!rows.ok()) return rows.status();
  on_change_(user_id);
  return ReadChanged(*rows, user_id, change);
}

absl::StatusOr<TaskStore::Metrics> PostgresTaskStore::GetMetrics(const std::string& user_id, absl::Time now,
                                                                 const std::string& time_zone, Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectMetrics(), {user_id, ToSql(now), time_zone}, deadline);
  if (!rows.ok()) return rows.status();
  return Metrics{ReadCounts(rows->front()), ReadInteger(rows->front(), kCounterColumnCount)};
}

absl::StatusOr<TaskStore::Export> PostgresTaskStore::ExportPage(const std::string& user_id, const std::string& after,
                                                                int page_size, Deadline deadline) {
  const std::optional<std::string> behind = after.empty() ? std::nullopt : std::optional(after);
  absl::StatusOr<pqxx::result> rows =
      database_.Read(SelectForExport(), {user_id, behind, absl::StrCat(page_size + 1)}, deadline);
  if (!rows.ok()) return rows.status();
  Export page;
  PageTasks tasks(static_cast<size_t>(page_size), page.tasks);
  for (const auto& row : *rows) {
    page.has_more = !tasks.Add(ReadTask(row, 0, user_id));
    if (page.has_more) break;
  }
  return page;
}

absl::StatusOr<google::protobuf::RepeatedPtrField<v1::Tag>> PostgresTaskStore::ListTags(const std::string& user_id,
                                                                                        Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectTags(), {user_id}, deadline);
  if (!rows.ok()) return rows.status();
  google::protobuf::RepeatedPtrField<v1::Tag> tags;
  for (const auto& row : *rows) {
    v1::Tag& tag = *tags.Add();
    tag.set_name(row[0].c_str());
    tag.set_task_count(static_cast<int32_t>(ReadInteger(row, 1)));
  }
  return tags;
}

absl::StatusOr<v1::Tag> PostgresTaskStore::GetTag(const std::string& user_id, const std::string& tag,
                                                  Deadline deadline) {
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectTag(), {user_id, tag}, deadline);
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return TagNotFound();
  v1::Tag found;
  found.set_name(tag);
  found.set_task_count(static_cast<int32_t>(ReadInteger(rows->front(), 0)));
  return found;
}

absl::Status PostgresTaskStore::DeleteTag(const std::string& user_id, const std::string& tag, Deadline deadline) {
  if (absl::Status status = GetTag(user_id, tag, deadline).status(); !status.ok()) return status;
  std::string after = kFirstId;
  while (true) {
    absl::StatusOr<pqxx::result> rows = database_.Write(RemoveTag(), {user_id, tag, after, kPart}, deadline);
    if (!rows.ok()) return rows.status();
    on_change_(user_id);
    if (rows->front()[0].is_null()) return absl::OkStatus();
    if (HasPassed(deadline)) return TookTooLong();
    after = rows->front()[0].c_str();
  }
}

absl::Status PostgresTaskStore::Forget(const std::string& user_id, Deadline deadline) {
  while (true) {
    absl::StatusOr<pqxx::result> rows = database_.WriteRepeatably(ForgetUser(), {user_id, kPart}, deadline);
    if (!rows.ok()) return rows.status();
    on_change_(user_id);
    if (rows->front()[0].c_str()[0] == 'f') return absl::OkStatus();
    if (HasPassed(deadline)) return TookTooLong();
  }
}

}  // namespace todo
