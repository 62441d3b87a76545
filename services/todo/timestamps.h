#pragma once

#include <string>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace todo {

// Instants between proto, C++ and SQL. PostgreSQL keeps microseconds.

absl::Time FromProto(const google::protobuf::Timestamp& timestamp);
google::protobuf::Timestamp ToProto(absl::Time time);

// A literal for a `timestamptz`, to the microsecond (RFC 3339, UTC).
std::string ToSql(absl::Time time);

// Whether PostgreSQL could have given this timestamp out: in the years 1 to 9999 and whole microseconds.
bool IsStorable(const google::protobuf::Timestamp& timestamp);

}  // namespace todo
