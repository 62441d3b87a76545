#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/core/mutex.h"
#include "services/todo/connection_pool.h"
#include "services/todo/database.h"
#include "services/todo/deadline.h"
#include "services/todo/watchdog.h"

namespace todo {

// Tells whether the database answers and has the schema that this program knows. Asks on a connection of its own, so
// that the answer does not depend on how busy the service is; but only where that says something new and keeps nobody
// awake:
//   - not where a statement of the service ran well within the last second, unless the schema was last looked at 30 s
//   ago;
//   - not where the service has not used the database for a minute and the last answer was good: what it was then it is
//     until somebody needs it. A database that suspends itself when it is idle (Neon's after 5 minutes) can do so.
// Thread-safe.
class SchemaProbe {
 public:
  // `connection_string` as ToConnectionString() makes it. `database` is what the service uses; it must outlive this.
  SchemaProbe(const std::string& connection_string, const Database& database);

  // OK, or why not, in words for the operator. Comes back shortly after `deadline` at the latest.
  absl::Status Check(Deadline deadline) EXCLUDES(mutex_);

 private:
  // Whether the last answer still holds.
  bool NeedNotAsk() const REQUIRES(mutex_);
  absl::Status Ask(Deadline deadline);

  const Database& database_;
  const Deadline started_ = std::chrono::steady_clock::now();
  common::Mutex mutex_;
  bool was_good_ GUARDED_BY(mutex_) = false;
  Deadline last_asked_ GUARDED_BY(mutex_) = {};
  Watchdog watchdog_;
  ConnectionPool pool_;
};

}  // namespace todo
