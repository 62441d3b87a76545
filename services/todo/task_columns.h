#pragma once

#include <pqxx/result>
#include <string>

#include "absl/time/time.h"
#include "todo/v1/task.pb.h"
#include "todo/v1/task_list.pb.h"

namespace todo {

// The columns that a task is read from, of the relation (or composite value) `source`. Their text does not depend on
// the session's settings.
std::string TaskColumns(const std::string& source);
inline constexpr int kTaskColumnCount = 16;

// Reads a task from a row that TaskColumns() gave, from column `first` on.
v1::Task ReadTask(const pqxx::row& row, int first, const std::string& user_id);

// The columns that a list is read from, of the relation (or composite value) `source`.
std::string TaskListColumns(const std::string& source);

// Reads a list from a row that TaskListColumns() gave, from column `first` on.
v1::TaskList ReadTaskList(const pqxx::row& row, int first, const std::string& user_id);

// Reads a column that holds a whole number; 0 where it is NULL.
int64_t ReadInteger(const pqxx::row& row, int column);

}  // namespace todo
