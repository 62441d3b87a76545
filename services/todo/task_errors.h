#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace todo {

// The errors of the todo API, each with an ErrorInfo in the domain `todo.v1` (AIP-193).

// NOT_FOUND: the user has no such task.
absl::Status TaskNotFound();
// PERMISSION_DENIED, reason FORBIDDEN_USER_ACCESS: the same whether such a user exists or not.
absl::Status ForbiddenUserAccess();
// ABORTED, reason CONFLICT: the task has changed since the caller read it.
absl::Status StaleEtag();
// UNAVAILABLE, reason DATABASE_UNAVAILABLE: nothing was written. `message` is for the caller and holds no internals.
absl::Status DatabaseUnavailable(std::string_view message);
// DEADLINE_EXCEEDED: it took too long; a write may have happened.
absl::Status TookTooLong();
// DEADLINE_EXCEEDED: the answer to a write was lost; it may have happened.
absl::Status WriteInDoubt();

}  // namespace todo
