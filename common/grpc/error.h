#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace common {

// A request field that is at fault, as google.rpc.BadRequest says it.
struct FieldViolation {
  // The path of the field as the proto spells it, such as `task.title`.
  std::string field;
  // What is wrong with it and what is allowed.
  std::string description;
};

// INVALID_ARGUMENT that carries a google.rpc.BadRequest. `violations` must not be empty.
absl::Status InvalidFields(const std::vector<FieldViolation>& violations);

// A status that carries a google.rpc.ErrorInfo (AIP-193). `reason` is in UPPER_SNAKE_CASE; `domain` is the proto
// package that defines the reason.
absl::Status ErrorWithReason(absl::StatusCode code, std::string_view message, std::string_view domain,
                             std::string_view reason);

// The reason that a status carries in a google.rpc.ErrorInfo; empty where it carries none.
std::string ReasonOf(const absl::Status& status);

}  // namespace common
