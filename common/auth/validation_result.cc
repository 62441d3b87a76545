#include "common/auth/validation_result.h"

#include <string>
#include <utility>

#include "common/auth/denial.h"
#include "common/grpc/error.h"

namespace auth {
namespace {

// By the error code that a caller sees; every other code is a credential that could not be read.
ValidationResult ResultOfCode(std::string_view error_code) {
  static constexpr std::pair<std::string_view, ValidationResult> kResults[] = {
      {"TOKEN_EXPIRED", ValidationResult::kExpired},
      {"TOKEN_NOT_YET_VALID", ValidationResult::kNotYetValid},
      {"INVALID_TOKEN_SIGNATURE", ValidationResult::kBadSignature},
      {"UNKNOWN_KEY", ValidationResult::kUnknownKey},
      {"MISSING_CLAIM", ValidationResult::kMissingClaim},
      {"MISSING_UID_CLAIM", ValidationResult::kMissingClaim},
      {"INVALID_ISSUER", ValidationResult::kWrongIssuer},
      {"INVALID_AUDIENCE", ValidationResult::kWrongAudience},
      {"NOT_A_JWT", ValidationResult::kNotAJwt},
      {"MISSING_TOKEN", ValidationResult::kMissingCredential},
      {"ORIGIN_NOT_ALLOWED", ValidationResult::kOriginNotAllowed},
  };
  for (const auto& [code, result] : kResults) {
    if (code == error_code) return result;
  }
  return ValidationResult::kMalformed;
}

}  // namespace

std::string_view NameOf(ValidationResult result) {
  static constexpr std::array<std::string_view, kValidationResults> kNames = {
      "ok",           "expired",        "not_yet_valid", "bad_signature", "unknown_key",        "missing_claim",
      "wrong_issuer", "wrong_audience", "malformed",     "not_a_jwt",     "missing_credential", "origin_not_allowed",
      "unavailable"};
  return kNames[static_cast<size_t>(result)];
}

ValidationResult ResultOf(auth::v1::RejectionReason reason) { return ResultOfCode(ErrorCode(reason)); }

ValidationResult ResultOf(const absl::Status& verdict) {
  if (verdict.ok()) return ValidationResult::kOk;
  const bool is_denial = absl::IsUnauthenticated(verdict) || absl::IsPermissionDenied(verdict);
  return is_denial ? ResultOfCode(common::ReasonOf(verdict)) : ValidationResult::kUnavailable;
}

}  // namespace auth
