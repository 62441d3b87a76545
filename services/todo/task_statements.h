#pragma once

#include "services/todo/database_connection.h"

namespace todo {

// The statements about one task or one user. Each is complete in itself: the writes change the user's counters in the
// same statement, and lock the task before the counters, in that order everywhere.

// $1 user, $2 id, $3 title, $4 description, $5 is_completed, $6 priority, $7 due date. Gives the task.
const Statement& InsertTask();

// $1 user, $2 id. Gives the task, or no row.
const Statement& SelectTask();

// $1 user, $2 id; then what to change: $3 title or NULL, $4 whether to set the description and $5 to what, $6 whether
// to toggle the completion, $7 is_completed or NULL, $8 priority or NULL, $9 whether to set the due date and $10 to
// what; then what to expect: $11 etag or NULL, $12 created_at or NULL, $13 updated_at or NULL, $14 whether to compare
// completed_at and $15 with what.
//
// Gives no row where there is no such task; otherwise whether it was written, and the task as it is now. It is not
// written where it is not as expected, nor where nothing would change.
const Statement& UpdateTask();

// $1 user, $2 id. Gives one row, or none where there is no such task.
const Statement& TrashTask();

// $1 user, $2 today. Gives the counters (kCounterColumns) and how many pending tasks were due before today.
const Statement& SelectMetrics();

// Gives the key in hexadecimal.
const Statement& SelectPageTokenKey();

}  // namespace todo
