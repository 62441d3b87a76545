#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/core/logger.h"
#include "services/verifier/rejection.h"

namespace verifier {

// Who asked about a credential, and in which request. Views.
struct Question {
  // The gRPC method or HTTP route at which it was asked.
  std::string_view route;
  std::string_view peer;
  std::string_view request_id;
  std::string_view trace_id;
};

// Writes the line for a credential that was rejected. The errors that operators watch have events of their own:
// `token_expired`, `invalid_signature` and `missing_claims`; the others are `token_rejected`. Nothing of the token is
// in it but its `kid`, and its `sub` where the signature was good.
void LogRejection(const common::Logger& logger, const Rejection& rejection, const Question& question);

// Writes the line for a credential about which nothing could be decided: `token_undecided`.
void LogUndecided(const common::Logger& logger, const absl::Status& status, const Question& question);

}  // namespace verifier
