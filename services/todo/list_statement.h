#pragma once

#include "services/todo/database_connection.h"
#include "services/todo/task_list_query.h"

namespace todo {

// The SQL of one page of a list. Values are parameters, never part of the text, so that queries of one shape share one
// prepared statement: $1 the user, $2 how many rows, then the priority where the query filters by it, then the cursor's
// sort value where it has one, then its task id where there is a cursor.
//
// Each row holds the user's counters (kCounterColumns) and one task (kTaskColumns of `p`), ordered; one row whose task
// is all NULL where no task matches. Keyset pagination: each arm is a stretch of one index, read from where the page
// begins.
struct ListPageSql {
  Statement statement;
  Parameters parameters;
};

// `limit` is how many rows are wanted, 1 to kMaxListRows.
ListPageSql MakeListPageSql(const std::string& user_id, const TaskListQuery& query,
                            const std::optional<TaskListCursor>& cursor, int limit);

inline constexpr int kMaxListRows = 201;

// The columns of the counters `c`, in the order of their names in TaskCounts.
inline constexpr char kCounterColumns[] =
    "c.pending_high, c.pending_medium, c.pending_low, c.completed_high, c.completed_medium, c.completed_low";
inline constexpr int kCounterColumnCount = 6;

}  // namespace todo
