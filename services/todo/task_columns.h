#pragma once

#include <pqxx/result>
#include <string>

#include "todo/v1/task.pb.h"

namespace todo {

// The columns that a task is read from, of the relation `alias`. Their text does not depend on the session's settings.
std::string TaskColumns(const std::string& alias);

// Reads a task from a row that TaskColumns() gave, from column `first` on.
v1::Task ReadTask(const pqxx::row& row, int first, const std::string& user_id);

// Reads a column that holds a whole number; 0 where it is NULL.
int64_t ReadInteger(const pqxx::row& row, int column);

}  // namespace todo
