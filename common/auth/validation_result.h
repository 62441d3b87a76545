#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "auth/v1/token_verifier.pb.h"
#include "common/metrics/counter.h"
#include "common/metrics/histogram.h"

namespace auth {

// What checking a credential came to, as metrics tell it: the public error codes of denials, and no finer.
enum class ValidationResult {
  kOk,
  kExpired,
  kNotYetValid,
  kBadSignature,
  kUnknownKey,
  kMissingClaim,
  kWrongIssuer,
  kWrongAudience,
  kMalformed,
  kNotAJwt,
  kMissingCredential,
  kOriginNotAllowed,
  // Nobody could decide.
  kUnavailable,
};
inline constexpr size_t kValidationResults = static_cast<size_t>(ValidationResult::kUnavailable) + 1;

// In lower snake case.
std::string_view NameOf(ValidationResult result);

ValidationResult ResultOf(auth::v1::RejectionReason reason);
// Of what an Authenticator gives.
ValidationResult ResultOf(const absl::Status& verdict);

// Counts the credentials that were checked, and how long that took. Thread-safe.
class ValidationMetrics {
 public:
  void Count(ValidationResult result, absl::Duration took) {
    counts_[static_cast<size_t>(result)].Add();
    seconds_.Observe(took);
  }

  const metrics::Counter& count(ValidationResult result) const { return counts_[static_cast<size_t>(result)]; }
  const metrics::Histogram& seconds() const { return seconds_; }

 private:
  std::array<metrics::Counter, kValidationResults> counts_;
  metrics::Histogram seconds_{metrics::kLookupBounds};
};

}  // namespace auth
