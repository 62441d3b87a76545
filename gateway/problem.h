#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/json_reader.h"

namespace gateway {

// An error as clients see it (RFC 9457). Holds nothing of the inside: no upstream address, SQL, path or stack.
struct Problem {
  int status = 500;
  std::string error_code;
  std::string detail;
  std::vector<BindingError> errors;  // the fields at fault
  std::optional<int> retry_after;    // seconds
};

// A problem with the `error_code` that is usual for its status.
Problem MakeProblem(int status, std::string_view detail);
// 400 MALFORMED_REQUEST for a request that cannot be bound.
Problem MalformedRequest(BindingError error);

// The `error_code` of a status for which nobody gave a better one.
std::string_view DefaultErrorCode(int status);

// The body, as application/problem+json.
std::string ToJson(const Problem& problem, std::string_view request_id);

}  // namespace gateway
