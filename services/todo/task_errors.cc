#include "services/todo/task_errors.h"

#include "common/grpc/error.h"

namespace todo {
namespace {

constexpr std::string_view kDomain = "todo.v1";

absl::Status Error(absl::StatusCode code, std::string_view message, std::string_view reason) {
  return common::ErrorWithReason(code, message, kDomain, reason);
}

}  // namespace

absl::Status TaskNotFound() { return Error(absl::StatusCode::kNotFound, "there is no such task", "NOT_FOUND"); }

absl::Status ForbiddenUserAccess() {
  return Error(absl::StatusCode::kPermissionDenied, "the token is not for this user", "FORBIDDEN_USER_ACCESS");
}

absl::Status StaleEtag() {
  return Error(absl::StatusCode::kAborted, "the task has changed since it was read: read it again", "CONFLICT");
}

absl::Status DatabaseUnavailable(std::string_view message) {
  return Error(absl::StatusCode::kUnavailable, message, "DATABASE_UNAVAILABLE");
}

absl::Status TookTooLong() {
  return Error(absl::StatusCode::kDeadlineExceeded, "the database did not answer in time; a change may have been made",
               "DEADLINE_EXCEEDED");
}

absl::Status WriteInDoubt() {
  return Error(absl::StatusCode::kDeadlineExceeded,
               "the connection to the database was lost before it answered; the change may have been made",
               "DEADLINE_EXCEEDED");
}

}  // namespace todo
