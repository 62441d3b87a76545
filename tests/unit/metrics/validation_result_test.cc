#include "common/auth/validation_result.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "common/auth/denial.h"

namespace auth {
namespace {

TEST(ValidationResult, IsUnavailableWhereNobodyDecided) {
  EXPECT_EQ(ResultOf(VerifierUnavailable()), ValidationResult::kUnavailable);
  EXPECT_EQ(ResultOf(absl::InternalError("")), ValidationResult::kUnavailable);
}

TEST(ValidationResult, IsMalformedWhereTheReasonIsUnknown) {
  EXPECT_EQ(ResultOf(absl::UnauthenticatedError("")), ValidationResult::kMalformed);
  EXPECT_EQ(ResultOf(Denial("INVALID_HEADER_FORMAT", "")), ValidationResult::kMalformed);
}

TEST(ValidationResult, TellsEveryResultByANameOfItsOwn) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kValidationResults; ++i) names.insert(NameOf(static_cast<ValidationResult>(i)));
  EXPECT_EQ(names.size(), kValidationResults);
}

// What the verifier counts, and what those who ask it count, are the same.
TEST(ValidationResult, IsTheSameForARejectionAndForItsDenial) {
  const auto* reasons = auth::v1::RejectionReason_descriptor();
  for (int i = 1; i < reasons->value_count(); ++i) {
    auth::v1::RejectedToken rejected;
    rejected.set_reason(static_cast<auth::v1::RejectionReason>(reasons->value(i)->number()));
    EXPECT_EQ(ResultOf(rejected.reason()), ResultOf(Denial(rejected))) << reasons->value(i)->name();
  }
}

TEST(ValidationResult, TellsTheRulesApart) {
  const std::pair<auth::v1::RejectionReason, std::string_view> kCases[] = {
      {auth::v1::REJECTION_REASON_EXPIRED, "expired"},
      {auth::v1::REJECTION_REASON_INVALID_SESSION, "expired"},
      {auth::v1::REJECTION_REASON_NOT_YET_VALID, "not_yet_valid"},
      {auth::v1::REJECTION_REASON_BAD_SIGNATURE, "bad_signature"},
      {auth::v1::REJECTION_REASON_ALGORITHM_KEY_MISMATCH, "bad_signature"},
      {auth::v1::REJECTION_REASON_UNKNOWN_KEY, "unknown_key"},
      {auth::v1::REJECTION_REASON_MISSING_CLAIM, "missing_claim"},
      {auth::v1::REJECTION_REASON_MISSING_SUBJECT, "missing_claim"},
      {auth::v1::REJECTION_REASON_WRONG_ISSUER, "wrong_issuer"},
      {auth::v1::REJECTION_REASON_WRONG_AUDIENCE, "wrong_audience"},
      {auth::v1::REJECTION_REASON_MALFORMED, "malformed"},
      {auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED, "malformed"},
      {auth::v1::REJECTION_REASON_NOT_A_JWT, "not_a_jwt"},
      {auth::v1::REJECTION_REASON_MISSING_CREDENTIAL, "missing_credential"},
      {auth::v1::REJECTION_REASON_ORIGIN_NOT_ALLOWED, "origin_not_allowed"},
  };
  for (const auto& [reason, name] : kCases) EXPECT_EQ(NameOf(ResultOf(reason)), name);
  EXPECT_EQ(NameOf(ResultOf(absl::OkStatus())), "ok");
}

TEST(ValidationMetrics, CountsByResultAndTimesAll) {
  ValidationMetrics metrics;
  metrics.Count(ValidationResult::kOk, absl::Microseconds(1));
  metrics.Count(ValidationResult::kExpired, absl::Milliseconds(2));
  EXPECT_EQ(metrics.count(ValidationResult::kOk).value(), 1u);
  EXPECT_EQ(metrics.count(ValidationResult::kExpired).value(), 1u);
  EXPECT_EQ(metrics.count(ValidationResult::kUnavailable).value(), 0u);
  EXPECT_EQ(metrics.seconds().sum(), absl::Microseconds(2001));
}

}  // namespace
}  // namespace auth
