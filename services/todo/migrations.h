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
  // From which version on a program goes on working once this step is there.
  int compatible_from;
  const char* sql;
};

// All steps, by ascending version. Made by the build from the files.
const std::vector<Migration>& KnownMigrations();

// Applies the steps that `connection`'s database does not have yet, each in a transaction of its own. May be run again,
// and by many at once: an advisory lock lets one work at a time. Answers the versions that it applied itself.
//
// Steps that only newer programs know are left as they are where they say that this one goes on working.
//
// Fails with FAILED_PRECONDITION where the database has another step that this program does not know or knows with
// another content, and with UNAVAILABLE or INTERNAL where the database does not do as it is told; what is complete then
// stays.
absl::StatusOr<std::vector<int>> Migrate(DatabaseConnection& connection);

// Lets `role` do what the service does with the schema, and nothing else: read and write rows and call the functions.
// To be called after each Migrate(). Fails as that does.
absl::Status GrantService(DatabaseConnection& connection, const std::string& role);

// OK where the database has the known steps, each with the known content, and besides them only such as leave this
// program working, so that the replicas of a rolling deploy go on serving. FAILED_PRECONDITION otherwise, with what to
// do about it. One round trip.
absl::Status CheckSchema(DatabaseConnection& connection);

}  // namespace todo
