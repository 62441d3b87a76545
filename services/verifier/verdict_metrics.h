#pragma once

#include "common/auth/validation_result.h"
#include "services/verifier/verdict.h"

namespace verifier {

// What a verdict is to whoever counts.
inline auth::ValidationResult ResultOf(const Verdict& verdict) {
  if (!verdict.ok()) return auth::ValidationResult::kUnavailable;
  return verdict->ok() ? auth::ValidationResult::kOk : auth::ResultOf(verdict->rejection().reason);
}

}  // namespace verifier
