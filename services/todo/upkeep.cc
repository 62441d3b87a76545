#include "services/todo/upkeep.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/todo/task_statements.h"

namespace todo {
namespace {

// A transaction removes this much at most, so that nobody waits long for a user's lock.
constexpr int kPart = 1000;
// A replica that has just begun has better things to do.
constexpr absl::Duration kFirstWait = absl::Minutes(1);
constexpr absl::Duration kPartTimeout = absl::Seconds(10);

}  // namespace

Upkeep::Upkeep(Database& database, absl::Duration interval, common::Logger logger)
    : database_(database), logger_(std::move(logger)), thread_([this, interval] { Run(interval); }) {}

Upkeep::~Upkeep() {
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
    stopping_.NotifyAll();
  }
  thread_.join();
}

void Upkeep::Run(absl::Duration interval) {
  Deadline next = DeadlineAfter(std::min(interval, kFirstWait));
  while (true) {
    {
      common::MutexLock lock(mutex_);
      while (!is_stopping_ && stopping_.WaitUntil(mutex_, next)) {
      }
      if (is_stopping_) return;
    }
    RemoveExpired();
    next = DeadlineAfter(interval);
  }
}

void Upkeep::RemoveExpired() {
  int64_t total = 0;
  while (!IsStopping()) {
    const auto rows = database_.WriteRepeatably(PurgeExpired(), {absl::StrCat(kPart)}, DeadlineAfter(kPartTimeout));
    // Another replica is at it, or the database is away, which is tried again in an hour.
    if (!rows.ok() || rows->front()[0].is_null()) break;
    const int64_t removed = std::atoll(rows->front()[0].c_str());
    total += removed;
    if (removed == 0) break;
  }
  if (total > 0) logger_.Info("purged", {{"rows", total}});
}

bool Upkeep::IsStopping() const {
  common::MutexLock lock(mutex_);
  return is_stopping_;
}

}  // namespace todo
