#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/todo/connection_pool.h"
#include "services/todo/deadline.h"
#include "services/todo/watchdog.h"

namespace todo {

// Asks the database, again and again, whether it answers and has the schema that this program knows. Keeps a connection
// of its own, so that the answer does not depend on how busy the service is. Thread-safe.
class SchemaProbe {
 public:
  // `connection_string` as ToConnectionString() makes it.
  explicit SchemaProbe(const std::string& connection_string);

  // OK, or why not, in words for the operator. Comes back shortly after `deadline` at the latest.
  absl::Status Check(Deadline deadline);

 private:
  Watchdog watchdog_;
  ConnectionPool pool_;
};

}  // namespace todo
