#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace todo {

// The errors of the todo API, each with an ErrorInfo in the domain `todo.v1` (AIP-193).

// NOT_FOUND: the user has no such task.
absl::Status TaskNotFound();
// PERMISSION_DENIED, reason FORBIDDEN_USER_ACCESS: the same whether such a user exists or not.
absl::Status ForbiddenUserAccess();
// ABORTED, reason CONFLICT: the task has changed since the caller read it.
absl::Status StaleEtag();
// The same, reason PRECONDITION_FAILED: the etag that the request asked for is not the current one.
absl::Status PreconditionFailed();
// NOT_FOUND: the user has no such list, or no task with such a tag.
absl::Status TaskListNotFound();
absl::Status TagNotFound();
// FAILED_PRECONDITION, reason CONFLICT: the user has as many lists as there may be.
absl::Status TooManyLists();
// FAILED_PRECONDITION, reason SYNC_TOKEN_EXPIRED; `http_status` among its metadata is 410.
absl::Status SyncTokenExpired();
// RESOURCE_EXHAUSTED, reason RATE_LIMITED, with a RetryInfo.
absl::Status RateLimited(absl::Duration retry_after);
// RESOURCE_EXHAUSTED, reason RATE_LIMITED: the user has as many streams as there may be.
absl::Status TooManyStreams();
// UNAUTHENTICATED, reason TOKEN_EXPIRED: the token of a stream has ended.
absl::Status TokenExpired();
// `status` with `entry`, such as `updates[3]`, before its message; its details stay.
absl::Status InEntry(const std::string& entry, const absl::Status& status);
// What is wrong with the name of a time zone.
inline constexpr std::string_view kNoSuchTimeZone = "must be the IANA name of a time zone, such as Europe/Berlin";
// UNAVAILABLE, reason DATABASE_UNAVAILABLE: nothing was written. `message` is for the caller and holds no internals.
absl::Status DatabaseUnavailable(std::string_view message);
// DEADLINE_EXCEEDED: it took too long; a write may have happened.
absl::Status TookTooLong();
// DEADLINE_EXCEEDED: the answer to a write was lost; it may have happened.
absl::Status WriteInDoubt();

}  // namespace todo
