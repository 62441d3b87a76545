// Several issuers at once: each with its own keys and audiences, and no way from one to another.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/verifier/example_verifier.h"

namespace verifier {
namespace {

using testing::FixedKeySource;
using testing::kNow;
using testing::NamedJwk;
using testing::SigningKey;

class SeveralIssuers : public ::testing::Test {
 protected:
  static TrustedIssuer Trust(const std::string& issuer, const std::string& audience, KeySource& keys) {
    return {*ClaimsPolicy::Create({.issuers = {issuer}, .audiences = {audience}}), keys};
  }

  static std::string Claims(const std::string& issuer, const std::string& audience) {
    return absl::StrCat(R"({"iss":")", issuer, R"(","aud":")", audience, R"(","sub":"ada","exp":)", kNow + 900, "}");
  }

  // What the token is rejected for; nothing where it is believed.
  auth::v1::RejectionReason ReasonOf(const std::string& token) {
    const Verdict verdict = testing::VerifyNow(verifier_, token);
    if (!verdict.ok() || verdict->ok()) return auth::v1::REJECTION_REASON_UNSPECIFIED;
    return verdict->rejection().reason;
  }

  const SigningKey key_a_{"EdDSA"};
  const SigningKey key_b_{"EdDSA"};
  FixedKeySource keys_a_{{NamedJwk(key_a_, "shared-name"), NamedJwk(key_a_, "of-a")}};
  FixedKeySource keys_b_{{NamedJwk(key_b_, "shared-name"), NamedJwk(key_b_, "of-b")}};
  testing::FixedClock clock_{absl::FromUnixSeconds(kNow)};
  TokenVerifier verifier_{
      {.issuers = {Trust("https://a.test", "for-a", keys_a_), Trust("https://b.test", "for-b", keys_b_)}}, clock_};
};

TEST_F(SeveralIssuers, AreEachBelievedWithTheirOwnKeys) {
  for (int i = 0; i < 2; ++i) {  // the second time from memory
    EXPECT_EQ(ReasonOf(key_a_.TokenOf(Claims("https://a.test", "for-a"), "shared-name")),
              auth::v1::REJECTION_REASON_UNSPECIFIED);
    EXPECT_EQ(ReasonOf(key_b_.TokenOf(Claims("https://b.test", "for-b"), "shared-name")),
              auth::v1::REJECTION_REASON_UNSPECIFIED);
  }
}

TEST_F(SeveralIssuers, CannotSignForEachOther) {
  EXPECT_EQ(ReasonOf(key_b_.TokenOf(Claims("https://a.test", "for-a"), "shared-name")),
            auth::v1::REJECTION_REASON_BAD_SIGNATURE);
  EXPECT_EQ(ReasonOf(key_b_.TokenOf(Claims("https://a.test", "for-a"), "of-b")),
            auth::v1::REJECTION_REASON_UNKNOWN_KEY);
  EXPECT_EQ(keys_a_.lookups(), 1);
  EXPECT_EQ(keys_b_.lookups(), 0);
}

TEST_F(SeveralIssuers, HaveTheirOwnAudiences) {
  EXPECT_EQ(ReasonOf(key_a_.TokenOf(Claims("https://a.test", "for-b"), "of-a")),
            auth::v1::REJECTION_REASON_WRONG_AUDIENCE);
}

TEST_F(SeveralIssuers, AreTheOnlyOnes) {
  EXPECT_EQ(ReasonOf(key_a_.TokenOf(Claims("https://c.test", "for-a"), "of-a")),
            auth::v1::REJECTION_REASON_WRONG_ISSUER);
  EXPECT_EQ(ReasonOf(key_a_.TokenOf(Claims("https://a.test/", "for-a"), "of-a")),
            auth::v1::REJECTION_REASON_WRONG_ISSUER);
  EXPECT_EQ(ReasonOf(key_a_.TokenOf(R"({"aud":"for-a","sub":"ada","exp":1800000900})", "of-a")),
            auth::v1::REJECTION_REASON_WRONG_ISSUER);
  EXPECT_EQ(
      ReasonOf(key_a_.TokenOf(R"({"iss":["https://a.test"],"aud":"for-a","sub":"ada","exp":1800000900})", "of-a")),
      auth::v1::REJECTION_REASON_WRONG_ISSUER);
  // Nobody's keys are fetched for one that is not trusted.
  EXPECT_EQ(ReasonOf(key_a_.TokenOf(Claims("https://c.test", "for-a"), "made-up")),
            auth::v1::REJECTION_REASON_WRONG_ISSUER);
  EXPECT_EQ(keys_a_.lookups() + keys_b_.lookups(), 0);
}

TEST_F(SeveralIssuers, AreAwayOneAtATime) {
  keys_a_.Withdraw();
  keys_a_.FailLookups();
  EXPECT_TRUE(absl::IsUnavailable(
      testing::VerifyNow(verifier_, key_a_.TokenOf(Claims("https://a.test", "for-a"), "of-a")).status()));
  EXPECT_EQ(ReasonOf(key_b_.TokenOf(Claims("https://b.test", "for-b"), "of-b")),
            auth::v1::REJECTION_REASON_UNSPECIFIED);
}

}  // namespace
}  // namespace verifier
