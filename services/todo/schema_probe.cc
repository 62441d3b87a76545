#include "services/todo/schema_probe.h"

#include <algorithm>

#include "services/todo/migrations.h"

namespace todo {

namespace {

constexpr absl::Duration kFresh = absl::Seconds(1);
constexpr absl::Duration kLookAgain = absl::Seconds(30);
constexpr absl::Duration kIdle = absl::Minutes(1);

}  // namespace

SchemaProbe::SchemaProbe(const std::string& connection_string, const Database& database)
    : database_(database), pool_({.connection_string = connection_string, .size = 1, .check = nullptr}) {}

absl::Status SchemaProbe::Check(Deadline deadline) {
  {
    common::MutexLock lock(mutex_);
    if (NeedNotAsk()) return absl::OkStatus();
    last_asked_ = std::chrono::steady_clock::now();
  }
  absl::Status status = Ask(deadline);
  common::MutexLock lock(mutex_);
  was_good_ = status.ok();
  return status;
}

bool SchemaProbe::NeedNotAsk() const {
  if (!was_good_) return false;
  const auto [last_used, last_success] = database_.activity();
  const bool is_idle = HasPassed(std::max(last_used, started_) + absl::ToChronoNanoseconds(kIdle));
  const bool has_failed = last_used != last_success;
  if (is_idle) return !has_failed;
  return !has_failed && !HasPassed(last_success + absl::ToChronoNanoseconds(kFresh)) &&
         !HasPassed(last_asked_ + absl::ToChronoNanoseconds(kLookAgain));
}

absl::Status SchemaProbe::Ask(Deadline deadline) {
  absl::StatusOr<ConnectionPool::Lease> lease = pool_.Acquire(deadline);
  if (!lease.ok()) return lease.status();
  Watchdog::Watch watch(watchdog_, (*lease)->socket(), deadline);
  const absl::Status status = CheckSchema(**lease);
  const bool was_cut_off = watch.Cancel();
  if (was_cut_off || !status.ok()) lease->Spoil();
  return was_cut_off ? absl::UnavailableError("does not answer in time") : status;
}

}  // namespace todo
