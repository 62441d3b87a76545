#include "services/todo/task_statements.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/todo/list_statement.h"
#include "services/todo/task_columns.h"

namespace todo {
namespace {

std::string Written(const std::string& call) {
  return absl::StrCat("SELECT r.outcome, r.item, ", TaskColumns("(r.task)"), " FROM ", call, " AS r");
}

std::string WrittenList(const std::string& call) {
  return absl::StrCat("SELECT r.outcome, ", TaskListColumns("(r.list)"), " FROM ", call, " AS r");
}

// The day of a floating task is compared with the clock on the user's wall; one with a zone of its own is too late from
// its instant on. That lies within two days of its date, so the index of due dates serves both.
std::string SelectMetricsSql() {
  return absl::StrCat("SELECT ", kCounterColumns, R"(, (
  SELECT count(*) FROM todo.tasks AS t, (SELECT $2::timestamptz AT TIME ZONE $3 AS wall) AS clock
  WHERE t.user_id = $1 AND t.state = 0 AND t.due_date <= ($2::timestamptz AT TIME ZONE $3)::date + 2
    AND CASE WHEN t.overdue_at IS NOT NULL THEN t.overdue_at <= $2::timestamptz
      WHEN t.due_time IS NULL THEN t.due_date < clock.wall::date
      ELSE t.due_date + t.due_time <= clock.wall END
)
FROM (VALUES (1)) AS one (n) LEFT JOIN todo.user_counters AS c ON c.user_id = $1)");
}

// Each state is a stretch of the index of changes; lists are few.
std::string SelectChangesSql() {
  static constexpr char kArm[] =
      "(SELECT false AS is_list, id, title, description, is_completed, priority, due_date, completed_at, created_at, "
      "updated_at, revision, due_time, time_zone, tags, list_id, position, deleted_at FROM todo.tasks "
      "WHERE user_id = $1 AND state = # AND revision > $2::bigint ORDER BY revision LIMIT @) UNION ALL ";
  std::string arms;
  for (const char* state : {"0", "1", "2", "3"}) absl::StrAppend(&arms, absl::StrReplaceAll(kArm, {{"#", state}}));
  absl::StrAppend(&arms,
                  "(SELECT true, id, name, NULL, false, 2::smallint, NULL::date, NULL::timestamptz, NULL::timestamptz, "
                  "NULL::timestamptz, revision, NULL::time, NULL, '{}'::text[], NULL::uuid, position, deleted_at "
                  "FROM todo.task_lists WHERE user_id = $1 AND revision > $2::bigint ORDER BY revision LIMIT @)");
  const std::string sql = absl::StrCat(
      "SELECT coalesce((extract(epoch FROM c.began_at) * 1000000)::bigint, 0), coalesce(c.last_change, 0), "
      "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint, p.is_list, ",
      TaskColumns("p"),
      " FROM (VALUES (1)) AS one (n) LEFT JOIN todo.user_counters AS c ON c.user_id = $1 LEFT JOIN (SELECT * FROM (",
      arms, ") AS a ORDER BY revision LIMIT @) AS p ON true ORDER BY p.revision LIMIT $3::integer");
  return absl::StrReplaceAll(sql, {{"@", absl::StrCat(kMaxChangeRows)}});
}

}  // namespace

const Statement& InsertTask() {
  static const auto* const kStatement = new Statement(
      Written("todo.create_task($1, $2::uuid, $3, $4, $5::boolean, $6::smallint, $7::date, $8::time, $9, $10::text[], "
              "$11::uuid, $12)"));
  return *kStatement;
}

const Statement& InsertTasks() {
  static const auto* const kStatement =
      new Statement(Written("todo.create_tasks($1, $2::jsonb, $3::integer, $4::jsonb, $5, decode($6, 'hex'))"));
  return *kStatement;
}

const Statement& ChangeTaskRows() {
  static const auto* const kStatement =
      new Statement(Written("todo.change_tasks($1, $2::jsonb, $3, decode($4, 'hex'))"));
  return *kStatement;
}

const Statement& SelectTask() {
  static const auto* const kStatement =
      new Statement(absl::StrCat("SELECT ", TaskColumns("t"),
                                 " FROM todo.tasks AS t WHERE user_id = $1 AND id = $2::uuid AND deleted_at IS NULL"));
  return *kStatement;
}

const Statement& SelectMetrics() {
  static const auto* const kStatement = new Statement(SelectMetricsSql());
  return *kStatement;
}

const Statement& SelectForExport() {
  static const auto* const kStatement = new Statement(absl::StrCat(
      "SELECT ", TaskColumns("t"),
      " FROM (SELECT * FROM todo.tasks WHERE user_id = $1 AND id > "
      "coalesce($2::uuid, '00000000-0000-0000-0000-000000000000') AND deleted_at IS NULL ORDER BY id LIMIT ",
      kMaxChangeRows, ") AS t ORDER BY t.id LIMIT $3::integer"));
  return *kStatement;
}

const Statement& SelectTags() {
  static const auto* const kStatement = new Statement(
      "SELECT tag, task_count FROM (SELECT tag, task_count FROM todo.user_tags WHERE user_id = $1 "
      "ORDER BY task_count DESC, tag LIMIT 1000) AS t ORDER BY tag");
  return *kStatement;
}

const Statement& SelectTag() {
  static const auto* const kStatement =
      new Statement("SELECT task_count FROM todo.user_tags WHERE user_id = $1 AND tag = $2");
  return *kStatement;
}

const Statement& RemoveTag() {
  static const auto* const kStatement = new Statement("SELECT todo.delete_tag($1, $2, $3::uuid, $4::integer)");
  return *kStatement;
}

const Statement& InsertTaskList() {
  static const auto* const kStatement =
      new Statement(WrittenList("todo.create_list($1, $2::uuid, $3, $4, $5::integer, $6, decode($7, 'hex'))"));
  return *kStatement;
}

const Statement& UpdateTaskListRow() {
  static const auto* const kStatement =
      new Statement(WrittenList("todo.change_list($1, $2::uuid, $3, $4::jsonb, $5, decode($6, 'hex'))"));
  return *kStatement;
}

const Statement& RemoveTaskList() {
  static const auto* const kStatement = new Statement("SELECT todo.delete_list($1, $2::uuid, $3, $4::integer)");
  return *kStatement;
}

const Statement& SelectTaskLists() {
  static const auto* const kStatement =
      new Statement(absl::StrCat("SELECT ", TaskListColumns("l"),
                                 " FROM todo.task_lists AS l WHERE l.user_id = $1 AND l.deleted_at IS NULL "
                                 "ORDER BY l.position, l.id"));
  return *kStatement;
}

const Statement& SelectTaskList() {
  static const auto* const kStatement =
      new Statement(absl::StrCat("SELECT ", TaskListColumns("l"),
                                 " FROM todo.task_lists AS l "
                                 "WHERE l.user_id = $1 AND l.id = $2::uuid AND l.deleted_at IS NULL"));
  return *kStatement;
}

const Statement& ForgetUser() {
  static const auto* const kStatement = new Statement("SELECT todo.forget_user($1, $2::integer)");
  return *kStatement;
}

const Statement& PurgeExpired() {
  static const auto* const kStatement = new Statement("SELECT todo.purge($1::integer)");
  return *kStatement;
}

const Statement& SelectChanges() {
  static const auto* const kStatement = new Statement(SelectChangesSql());
  return *kStatement;
}

const Statement& SelectChangeStates() {
  static const auto* const kStatement = new Statement(
      "SELECT user_id, (extract(epoch FROM began_at) * 1000000)::bigint, last_change FROM todo.user_counters "
      "WHERE user_id = ANY ($1::text[])");
  return *kStatement;
}

const Statement& Notify() {
  static const auto* const kStatement = new Statement("SELECT pg_notify($1, $2)");
  return *kStatement;
}

const Statement& SelectTokenKey() {
  static const auto* const kStatement = new Statement("SELECT encode(key, 'hex') FROM todo.page_token_key");
  return *kStatement;
}

const Statement& SelectTimeZones() {
  static const auto* const kStatement = new Statement(
      "SELECT name FROM pg_timezone_names WHERE name !~ '^(posix|right)/' AND name NOT IN ('localtime', 'Factory', "
      "'posixrules')");
  return *kStatement;
}

}  // namespace todo
