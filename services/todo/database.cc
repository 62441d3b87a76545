#include "services/todo/database.h"

#include "services/todo/task_errors.h"

namespace todo {
namespace {

constexpr int kMaxTries = 3;

absl::Status Unreachable() {
  return DatabaseUnavailable("the database cannot be reached right now; try again shortly");
}

// Whether the statement is sure not to have run.
bool IsRefusal(const absl::Status& status) { return absl::IsCancelled(status) || absl::IsUnavailable(status); }

bool IsConnectionTrouble(const absl::Status& status) { return absl::IsUnknown(status) || absl::IsUnavailable(status); }

}  // namespace

absl::StatusOr<pqxx::result> Database::Read(const Statement& statement, const Parameters& parameters,
                                            Deadline deadline) {
  absl::StatusOr<pqxx::result> result = TryTwice(statement, parameters, deadline);
  if (!result.ok()) return ToApiError(result.status(), Unreachable());
  return result;
}

absl::StatusOr<pqxx::result> Database::WriteRepeatably(const Statement& statement, const Parameters& parameters,
                                                       Deadline deadline) {
  absl::StatusOr<pqxx::result> result = TryTwice(statement, parameters, deadline);
  if (!result.ok()) return ToApiError(result.status(), WriteInDoubt());
  return result;
}

absl::StatusOr<pqxx::result> Database::TryTwice(const Statement& statement, const Parameters& parameters,
                                                Deadline deadline) {
  absl::StatusOr<pqxx::result> result = TryPersistently(statement, parameters, deadline);
  if (!IsConnectionTrouble(result.status()) || HasPassed(deadline)) return result;
  const bool is_in_doubt = absl::IsUnknown(result.status());
  result = TryPersistently(statement, parameters, deadline);
  // The second try did not run; the first may have.
  if (is_in_doubt && IsRefusal(result.status())) return absl::UnknownError("the connection to the database was lost");
  return result;
}

Database::Activity Database::activity() const {
  common::MutexLock lock(mutex_);
  return activity_;
}

void Database::Note(const absl::Status& status) {
  const Deadline now = std::chrono::steady_clock::now();
  common::MutexLock lock(mutex_);
  activity_.last_used = now;
  if (status.ok() || absl::IsAborted(status) || absl::IsAlreadyExists(status)) activity_.last_success = now;
}

absl::StatusOr<pqxx::result> Database::Write(const Statement& statement, const Parameters& parameters,
                                             Deadline deadline) {
  absl::StatusOr<pqxx::result> result = TryPersistently(statement, parameters, deadline);
  if (!result.ok()) return ToApiError(result.status(), WriteInDoubt());
  return result;
}

absl::StatusOr<pqxx::result> Database::Try(const Statement& statement, const Parameters& parameters,
                                           Deadline deadline) {
  absl::StatusOr<ConnectionPool::Lease> lease = pool_.Acquire(deadline);
  if (!lease.ok()) {
    Note(lease.status());
    errors_.CountNoConnection(lease.status());
    return absl::CancelledError(lease.status().message());
  }
  Watchdog::Watch watch(watchdog_, (*lease)->socket(), deadline);
  absl::StatusOr<pqxx::result> result = (*lease)->Run(statement, parameters);
  const bool was_cut_off = watch.Cancel();
  Note(result.status());
  const bool is_sound = result.ok() || absl::IsAborted(result.status()) || absl::IsAlreadyExists(result.status());
  if (was_cut_off || !is_sound) lease->Spoil();
  if (was_cut_off && !result.ok()) result = absl::DeadlineExceededError("the database did not answer in time");
  // That a row is there already is an answer.
  if (!result.ok() && !absl::IsAlreadyExists(result.status())) errors_.CountFailed(result.status());
  return result;
}

absl::StatusOr<pqxx::result> Database::TryPersistently(const Statement& statement, const Parameters& parameters,
                                                       Deadline deadline) {
  absl::StatusOr<pqxx::result> result = Try(statement, parameters, deadline);
  for (int tries = 1; tries < kMaxTries && absl::IsAborted(result.status()) && !HasPassed(deadline); ++tries) {
    result = Try(statement, parameters, deadline);
  }
  return result;
}

absl::Status Database::ToApiError(const absl::Status& failure, const absl::Status& when_lost) const {
  if (absl::IsAlreadyExists(failure)) return failure;
  logger_.Warning("database_error", {{"outcome", "failed"}, {"reason", std::string(failure.message())}});
  switch (failure.code()) {
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kUnavailable:
      return Unreachable();
    case absl::StatusCode::kAborted:
      return DatabaseUnavailable("too many changes at once; try again shortly");
    case absl::StatusCode::kUnknown:
      return when_lost;
    case absl::StatusCode::kDeadlineExceeded:
      return TookTooLong();
    default:
      return absl::InternalError("the database refused a statement");
  }
}

}  // namespace todo
