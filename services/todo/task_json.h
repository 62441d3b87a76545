#pragma once

#include <string>

#include "services/todo/task_change.h"

namespace todo {

// The arguments of the functions in schema/004_writes.sql, as JSON whose names are those of the columns.

// One of `p_tasks` of todo.create_tasks().
void AppendNewTask(const std::string& task_id, const NewTask& task, std::string* json);

// One of `p_changes` of todo.change_tasks().
void AppendTaskChange(const TaskChange& change, std::string* json);

}  // namespace todo
