#include "services/todo/task_statements.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/todo/list_statement.h"
#include "services/todo/task_columns.h"

namespace todo {
namespace {

// The columns of a user's counters, with the completion and the priority of the tasks that each counts.
struct Counter {
  const char* name;
  const char* is_completed;
  const char* priority;
};
constexpr Counter kCounters[] = {{"pending_high", "false", "1"},    {"pending_medium", "false", "2"},
                                 {"pending_low", "false", "3"},     {"completed_high", "true", "1"},
                                 {"completed_medium", "true", "2"}, {"completed_low", "true", "3"}};

// `old`: the task and the counters of its user, both locked, the task first. No row where there is no such task.
//
// Statements that change them set each column from here, never from the row that they update: PostgreSQL checks
// constraints on a row made from the version that was there when the statement began, and only then looks for a newer
// one.
constexpr char kLockTask[] = R"(
WITH old AS MATERIALIZED (
  SELECT t.*, c.last_change, c.pending_high, c.pending_medium, c.pending_low, c.completed_high, c.completed_medium,
    c.completed_low
  FROM todo.tasks AS t JOIN todo.user_counters AS c ON c.user_id = t.user_id
  WHERE t.user_id = $1 AND t.id = $2::uuid AND t.deleted_at IS NULL
  FOR UPDATE
))";

// The assignments of all counters, from `old`: % and # in `amount` stand for the completion and the priority that a
// counter counts.
std::string CounterAssignments(const std::string& amount) {
  std::string assignments = "last_change = old.last_change + 1";
  for (const Counter& counter : kCounters) {
    absl::StrAppend(&assignments, ", ", counter.name, " = old.", counter.name,
                    absl::StrReplaceAll(amount, {{"%", counter.is_completed}, {"#", counter.priority}}));
  }
  return assignments;
}

std::string InsertTaskSql() {
  static constexpr char kSql[] = R"(
WITH counted AS (
  INSERT INTO todo.user_counters AS c
    (user_id, last_change, pending_high, pending_medium, pending_low, completed_high, completed_medium, completed_low)
  VALUES ($1, 1,
    (NOT $5::boolean AND $6::smallint = 1)::integer, (NOT $5::boolean AND $6::smallint = 2)::integer,
    (NOT $5::boolean AND $6::smallint = 3)::integer, ($5::boolean AND $6::smallint = 1)::integer,
    ($5::boolean AND $6::smallint = 2)::integer, ($5::boolean AND $6::smallint = 3)::integer)
  ON CONFLICT (user_id) DO UPDATE SET last_change = c.last_change + 1,
    pending_high = c.pending_high + excluded.pending_high,
    pending_medium = c.pending_medium + excluded.pending_medium,
    pending_low = c.pending_low + excluded.pending_low,
    completed_high = c.completed_high + excluded.completed_high,
    completed_medium = c.completed_medium + excluded.completed_medium,
    completed_low = c.completed_low + excluded.completed_low
  RETURNING c.last_change
)
INSERT INTO todo.tasks AS t (user_id, id, title, description, is_completed, priority, due_date, completed_at,
  created_at, updated_at, revision)
SELECT $1, $2::uuid, $3::text, $4::text, $5::boolean, $6::smallint, $7::date, CASE WHEN $5::boolean THEN now() END,
  now(), now(), last_change
FROM counted
RETURNING )";
  return absl::StrCat(kSql, TaskColumns("t"));
}

// The time is read after the locks are held: the times of a task's changes are in the order of the changes.
std::string UpdateTaskSql() {
  static constexpr char kSql[] = R"(, wanted AS MATERIALIZED (
  SELECT clock_timestamp() AS now,
    coalesce($3::text, old.title) AS title,
    CASE WHEN $4::boolean THEN $5::text ELSE old.description END AS description,
    CASE WHEN $6::boolean THEN NOT old.is_completed ELSE coalesce($7::boolean, old.is_completed) END AS is_completed,
    coalesce($8::smallint, old.priority) AS priority,
    CASE WHEN $9::boolean THEN $10::date ELSE old.due_date END AS due_date
  FROM old
  WHERE ($11::text IS NULL OR $11::text = old.revision::text)
    AND ($12::timestamptz IS NULL OR $12::timestamptz = old.created_at)
    AND ($13::timestamptz IS NULL OR $13::timestamptz = old.updated_at)
    AND (NOT $14::boolean OR $15::timestamptz IS NOT DISTINCT FROM old.completed_at)
), counted AS (
  UPDATE todo.user_counters AS c SET @COUNTERS@
  FROM old, wanted
  WHERE c.user_id = $1
    AND (wanted.title, wanted.description, wanted.is_completed, wanted.priority, wanted.due_date)
      IS DISTINCT FROM (old.title, old.description, old.is_completed, old.priority, old.due_date)
  RETURNING c.last_change
), written AS (
  UPDATE todo.tasks AS t SET title = wanted.title, description = wanted.description,
    is_completed = wanted.is_completed, priority = wanted.priority, due_date = wanted.due_date,
    completed_at = CASE WHEN NOT wanted.is_completed THEN NULL WHEN old.is_completed THEN old.completed_at
      ELSE wanted.now END,
    updated_at = wanted.now, revision = counted.last_change
  FROM old, wanted, counted
  WHERE t.user_id = $1 AND t.id = $2::uuid
  RETURNING t.*
)
SELECT true, @WRITTEN@ FROM written
UNION ALL
SELECT false, @OLD@ FROM old WHERE NOT EXISTS (SELECT FROM written))";
  const std::string amount =
      " + (wanted.is_completed = % AND wanted.priority = #)::integer"
      " - (old.is_completed = % AND old.priority = #)::integer";
  return absl::StrCat(kLockTask, absl::StrReplaceAll(kSql, {{"@COUNTERS@", CounterAssignments(amount)},
                                                            {"@WRITTEN@", TaskColumns("written")},
                                                            {"@OLD@", TaskColumns("old")}}));
}

std::string TrashTaskSql() {
  static constexpr char kSql[] = R"(, counted AS (
  UPDATE todo.user_counters AS c SET @COUNTERS@
  FROM old
  WHERE c.user_id = $1
  RETURNING c.last_change
)
UPDATE todo.tasks AS t SET deleted_at = clock_timestamp(), revision = counted.last_change
FROM counted
WHERE t.user_id = $1 AND t.id = $2::uuid
RETURNING 1)";
  const std::string amount = " - (old.is_completed = % AND old.priority = #)::integer";
  return absl::StrCat(kLockTask, absl::StrReplaceAll(kSql, {{"@COUNTERS@", CounterAssignments(amount)}}));
}

std::string SelectMetricsSql() {
  return absl::StrCat("SELECT ", kCounterColumns, R"(, (
  SELECT count(*) FROM todo.tasks
  WHERE user_id = $1 AND deleted_at IS NULL AND NOT is_completed AND due_date < $2::date
)
FROM (VALUES (1)) AS one (n) LEFT JOIN todo.user_counters AS c ON c.user_id = $1)");
}

}  // namespace

const Statement& InsertTask() {
  static const auto* const kStatement = new Statement(InsertTaskSql());
  return *kStatement;
}

const Statement& SelectTask() {
  static const auto* const kStatement =
      new Statement(absl::StrCat("SELECT ", TaskColumns("t"),
                                 " FROM todo.tasks AS t WHERE user_id = $1 AND id = $2::uuid AND deleted_at IS NULL"));
  return *kStatement;
}

const Statement& UpdateTask() {
  static const auto* const kStatement = new Statement(UpdateTaskSql());
  return *kStatement;
}

const Statement& TrashTask() {
  static const auto* const kStatement = new Statement(TrashTaskSql());
  return *kStatement;
}

const Statement& SelectMetrics() {
  static const auto* const kStatement = new Statement(SelectMetricsSql());
  return *kStatement;
}

const Statement& SelectPageTokenKey() {
  static const auto* const kStatement = new Statement("SELECT encode(key, 'hex') FROM todo.page_token_key");
  return *kStatement;
}

}  // namespace todo
