#include "services/todo/task_errors.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/grpc/error.h"
#include "google/rpc/error_details.pb.h"

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

absl::Status PreconditionFailed() {
  return Error(absl::StatusCode::kAborted, "the etag is not the current one: read again", "PRECONDITION_FAILED");
}

absl::Status TaskListNotFound() { return Error(absl::StatusCode::kNotFound, "there is no such list", "NOT_FOUND"); }

absl::Status TagNotFound() { return Error(absl::StatusCode::kNotFound, "no task has this tag", "NOT_FOUND"); }

absl::Status TooManyLists() {
  return Error(absl::StatusCode::kFailedPrecondition, "there are 200 lists already: delete one first", "CONFLICT");
}

absl::Status SyncTokenExpired() {
  absl::Status status(absl::StatusCode::kFailedPrecondition,
                      "what has changed since this token can no longer be told: begin again without one");
  google::rpc::ErrorInfo info;
  info.set_domain(std::string(kDomain));
  info.set_reason("SYNC_TOKEN_EXPIRED");
  (*info.mutable_metadata())["http_status"] = "410";
  status.SetPayload("type.googleapis.com/google.rpc.ErrorInfo", absl::Cord(info.SerializeAsString()));
  return status;
}

absl::Status RateLimited(absl::Duration retry_after) {
  absl::Status status = Error(absl::StatusCode::kResourceExhausted, "too many calls: slow down", "RATE_LIMITED");
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(retry_after));
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(retry_after % absl::Seconds(1))));
  status.SetPayload("type.googleapis.com/google.rpc.RetryInfo", absl::Cord(retry.SerializeAsString()));
  return status;
}

absl::Status TooManyStreams() {
  return Error(absl::StatusCode::kResourceExhausted, "too many streams are open: close one first", "RATE_LIMITED");
}

absl::Status TokenExpired() {
  return common::ErrorWithReason(absl::StatusCode::kUnauthenticated, "the token has expired", "auth.v1",
                                 "TOKEN_EXPIRED");
}

absl::Status InEntry(const std::string& entry, const absl::Status& status) {
  absl::Status named(status.code(), absl::StrCat(entry, ": ", status.message()));
  status.ForEachPayload([&named](absl::string_view url, const absl::Cord& payload) { named.SetPayload(url, payload); });
  return named;
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
