#pragma once

#include <grpcpp/support/status.h>

#include <string_view>

#include "gateway/problem.h"

namespace gateway {

// What of the request decides how its error looks.
struct ErrorContext {
  bool token_was_sent = false;
  bool if_match_was_sent = false;
  // The field that the HTTP body gave: violations inside it are shown relative to the body. Empty for none.
  std::string_view body_field;
};

// The one place where a gRPC status becomes an HTTP error. The words of the upstream are passed on only where they are
// meant for the client: never those of INTERNAL, UNKNOWN and DATA_LOSS, and those of UNAVAILABLE and its like only
// beside an ErrorInfo, since gRPC itself writes addresses into them. `status` must not be OK.
Problem ProblemFromStatus(const grpc::Status& status, const ErrorContext& context);

}  // namespace gateway
