#pragma once

#include "services/todo/database_connection.h"
#include "services/todo/task_list_query.h"

namespace todo {

// The SQL of one page of a list. Values are parameters, never part of the text, so that queries of one shape share one
// prepared statement.
//
// Each row holds the user's counters (kCounterColumns), how many tasks match (NULL where the counters tell), whether
// the task of this row matches, how many tasks were looked at up to it (NULL where all match), and the task
// (TaskColumns), ordered; there is one row whose task is all NULL where no task matches.
//
// Keyset pagination: a list is made of stretches of one index, one for each state, read from where the page begins and
// merged. Filters that no index helps with are applied to what is read, to kMaxLookedAt tasks at most: the last of them
// is in the answer even where it does not match, so that the next page can go on behind it.
struct ListPageSql {
  Statement statement;
  Parameters parameters;
};

// `limit` is how many rows are wanted, 1 to kMaxListRows.
ListPageSql MakeListPageSql(const std::string& user_id, const TaskListQuery& query,
                            const std::optional<TaskListCursor>& cursor, int limit);

inline constexpr int kMaxListRows = 201;
inline constexpr int kMaxLookedAt = 10000;
// Where counting the matches of a filter stops.
inline constexpr int kMaxCount = 1000;

// The columns of the counters `c`, in the order of their names in TaskCounts.
inline constexpr char kCounterColumns[] =
    "c.pending_high, c.pending_medium, c.pending_low, c.completed_high, c.completed_medium, c.completed_low, c.trashed";
inline constexpr int kCounterColumnCount = 7;

}  // namespace todo
