#pragma once

#include "services/todo/database_connection.h"

namespace todo {

// The statements about tasks, lists and users. Each is complete in itself and takes one round trip; the writes are
// functions of the schema (schema/004_writes.sql and 005_lists_and_upkeep.sql).

// $1 user, $2 id, $3 title, $4 description, $5 is_completed, $6 priority, $7 due date, $8 due time, $9 time zone, $10
// tags as an array literal, $11 list, $12 position. Gives outcome, entry and task (kWriteColumns).
const Statement& InsertTask();
// $1 user, $2 lists, $3 how many lists there may be, $4 tasks, $5 key or NULL, $6 its fingerprint in hexadecimal. Gives
// rows of outcome, entry and task.
const Statement& InsertTasks();
// $1 user, $2 changes, $3 key or NULL, $4 its fingerprint in hexadecimal. Gives rows of outcome, entry and task.
const Statement& ChangeTaskRows();

// $1 user, $2 id. Gives the task, or no row.
const Statement& SelectTask();
// $1 user, $2 now, $3 time zone. Gives the counters (kCounterColumns) and how many pending tasks are too late.
const Statement& SelectMetrics();
// $1 user, $2 id of the last task of the page before or NULL, $3 how many. Gives tasks by id.
const Statement& SelectForExport();
// $1 user. Gives tags with their counts.
const Statement& SelectTags();
// $1 user, $2 tag. Gives its count.
const Statement& SelectTag();
// $1 user, $2 tag, $3 behind which task, $4 how many to look at. Gives the last task, or NULL where there is no more.
const Statement& RemoveTag();

// $1 user, $2 id, $3 name, $4 position or NULL, $5 how many there may be, $6 key or NULL, $7 its fingerprint. Gives
// outcome and list.
const Statement& InsertTaskList();
// $1 user, $2 id, $3 etag or NULL, $4 what to set, $5 key or NULL, $6 its fingerprint. Gives outcome and list.
const Statement& UpdateTaskListRow();
// $1 user, $2 id, $3 etag or NULL, $4 how many tasks to take out. Gives an outcome, or `more`.
const Statement& RemoveTaskList();
// $1 user. Gives lists.
const Statement& SelectTaskLists();
// $1 user, $2 id. Gives the list, or no row.
const Statement& SelectTaskList();

// $1 user, $2 how many tasks to remove. Gives whether there is more.
const Statement& ForgetUser();
// $1 how many rows to remove. Gives how many there were, and NULL where another replica is at it.
const Statement& PurgeExpired();

// $1 user, $2 behind which change, $3 how many, 1 to kMaxChangeRows. Gives the count of the user's changes (began_at in
// microseconds, or 0 where the user has nothing; the last number; now), whether the row is a list, and its columns as
// TaskColumns() has them; one row whose columns are NULL where nothing changed.
const Statement& SelectChanges();
inline constexpr int kMaxChangeRows = 1001;
// $1 users as an array literal. Gives user, began_at in microseconds and last number of those that have any.
const Statement& SelectChangeStates();
// $1 channel, $2 payload.
const Statement& Notify();

// Gives the key in hexadecimal.
const Statement& SelectTokenKey();
// Gives the names of all time zones.
const Statement& SelectTimeZones();

}  // namespace todo
