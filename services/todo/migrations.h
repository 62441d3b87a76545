#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/todo/database_connection.h"

namespace todo {

// One step of the schema, as it stands in `schema/NNN_*.sql`. The files are part of the binary.
struct Migration {
  int version;
  const char* name;
  // SHA-256 of the file, in hexadecimal.
  const char* checksum;
  const char* sql;
};

// All steps, by ascending version. Made by the build from the files.
const std::vector<Migration>& KnownMigrations();

// Applies the steps that `connection`'s database does not have yet, each in a transaction of its own. May be run again,
// and by many at once: an advisory lock lets one work at a time. Answers the versions that it applied itself.
//
// Fails with FAILED_PRECONDITION where the database has a step that this program does not know or knows with another
// content, and with UNAVAILABLE or INTERNAL where the database does not do as it is told; what is complete then stays.
absl::StatusOr<std::vector<int>> Migrate(DatabaseConnection& connection);

// OK where the database has exactly the known steps, each with the known content. FAILED_PRECONDITION otherwise, with
// what to do about it. One round trip.
absl::Status CheckSchema(DatabaseConnection& connection);

}  // namespace todo
