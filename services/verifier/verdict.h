#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "services/verifier/rejection.h"
#include "services/verifier/verified_token.h"

namespace verifier {

// What verification came to: the proof or why there is none; UNAVAILABLE where it could not be decided.
using Verdict = absl::StatusOr<OrRejection<VerifiedToken>>;
using VerdictCallback = std::function<void(const Verdict&)>;

}  // namespace verifier
