#pragma once

#include <pqxx/result>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/todo/task_store.h"
#include "services/todo/task_validation.h"

namespace todo {

// Reads what the functions that write tasks gave (schema/004_writes.sql): rows of outcome, entry and task.

// The tasks, or the fault that kept them from being written.
absl::StatusOr<Tasks> ReadWritten(const pqxx::result& rows, const std::string& user_id, const std::string& entries);
// The same for changes: a task that is not as expected tells how.
absl::StatusOr<Tasks> ReadChanged(const pqxx::result& rows, const std::string& user_id, const ChangeTasks& change);

// What an outcome that is not about single tasks means; OK for `ok` and the ones that are.
absl::Status ToStatus(const std::string& outcome);

// A key that came with another content before.
absl::Status KeyReused();

}  // namespace todo
