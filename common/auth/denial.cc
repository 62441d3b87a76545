#include "common/auth/denial.h"

#include "common/grpc/error.h"

namespace auth {

absl::Status Denial(std::string_view reason, std::string_view message) {
  return common::ErrorWithReason(absl::StatusCode::kUnauthenticated, message, kErrorDomain, reason);
}

absl::Status Denial(const auth::v1::RejectedToken& rejected) {
  // Signing in again would not help.
  if (rejected.reason() == auth::v1::REJECTION_REASON_ORIGIN_NOT_ALLOWED) {
    return common::ErrorWithReason(absl::StatusCode::kPermissionDenied, rejected.detail(), kErrorDomain,
                                   ErrorCode(rejected.reason()));
  }
  return Denial(ErrorCode(rejected.reason()), rejected.detail());
}

absl::Status VerifierUnavailable(std::string_view message) {
  return common::ErrorWithReason(absl::StatusCode::kUnavailable, message, kErrorDomain, "AUTH_UNAVAILABLE");
}

std::string_view ErrorCode(auth::v1::RejectionReason reason) {
  switch (reason) {
    case auth::v1::REJECTION_REASON_NOT_A_JWT:
      return "NOT_A_JWT";
    case auth::v1::REJECTION_REASON_UNKNOWN_KEY:
      return "UNKNOWN_KEY";
    case auth::v1::REJECTION_REASON_ALGORITHM_KEY_MISMATCH:
    case auth::v1::REJECTION_REASON_BAD_SIGNATURE:
      return "INVALID_TOKEN_SIGNATURE";
    case auth::v1::REJECTION_REASON_MISSING_CLAIM:
      return "MISSING_CLAIM";
    case auth::v1::REJECTION_REASON_MISSING_SUBJECT:
      return "MISSING_UID_CLAIM";
    case auth::v1::REJECTION_REASON_WRONG_ISSUER:
      return "INVALID_ISSUER";
    case auth::v1::REJECTION_REASON_WRONG_AUDIENCE:
      return "INVALID_AUDIENCE";
    case auth::v1::REJECTION_REASON_MISSING_CREDENTIAL:
      return "MISSING_TOKEN";
    case auth::v1::REJECTION_REASON_ORIGIN_NOT_ALLOWED:
      return "ORIGIN_NOT_ALLOWED";
    case auth::v1::REJECTION_REASON_INVALID_SESSION:
    case auth::v1::REJECTION_REASON_EXPIRED:
      return "TOKEN_EXPIRED";
    case auth::v1::REJECTION_REASON_NOT_YET_VALID:
    case auth::v1::REJECTION_REASON_ISSUED_IN_FUTURE:
      return "TOKEN_NOT_YET_VALID";
    default:
      return "MALFORMED_TOKEN";
  }
}

}  // namespace auth
