#include "services/todo/schema_probe.h"

#include "services/todo/migrations.h"

namespace todo {

SchemaProbe::SchemaProbe(const std::string& connection_string)
    : pool_({.connection_string = connection_string, .size = 1, .check = nullptr}) {}

absl::Status SchemaProbe::Check(Deadline deadline) {
  absl::StatusOr<ConnectionPool::Lease> lease = pool_.Acquire(deadline);
  if (!lease.ok()) return lease.status();
  Watchdog::Watch watch(watchdog_, (*lease)->socket(), deadline);
  const absl::Status status = CheckSchema(**lease);
  const bool was_cut_off = watch.Cancel();
  if (was_cut_off || !status.ok()) lease->Spoil();
  return was_cut_off ? absl::UnavailableError("does not answer in time") : status;
}

}  // namespace todo
