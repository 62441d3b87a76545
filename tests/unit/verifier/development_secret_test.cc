// HS256 where it is allowed: the secret is a key of its own kind, and nothing else becomes one.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/verifier/example_verifier.h"

namespace verifier {
namespace {

using testing::ExampleVerifier;
using testing::FixedKeySource;
using testing::GoodPayload;
using testing::HmacToken;
using testing::kNow;
using testing::NamedJwk;
using testing::SigningKey;

constexpr char kSecret[] = "a-secret-of-at-least-32-characters!";
constexpr char kHs256[] = R"({"alg":"HS256"})";
constexpr auto kGood = auth::v1::REJECTION_REASON_UNSPECIFIED;
constexpr auto kBadSignature = auth::v1::REJECTION_REASON_BAD_SIGNATURE;

class DevelopmentSecret : public ::testing::Test {
 protected:
  TokenVerifier::Options Allowed() {
    TokenVerifier::Options options = testing::ExampleOptions(keys_);
    options.rules.allow_hs256 = true;
    options.secret = *SharedSecret::Create(kSecret);
    return options;
  }

  auth::v1::RejectionReason ReasonOf(const std::string& token) {
    const Verdict verdict = testing::VerifyNow(verifier_, token);
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    return !verdict.ok() || verdict->ok() ? kGood : verdict->rejection().reason;
  }

  const SigningKey rsa_{"RS256"};
  FixedKeySource keys_{{NamedJwk(rsa_, "rsa")}};
  testing::FixedClock clock_{absl::FromUnixSeconds(kNow)};
  TokenVerifier verifier_{Allowed(), clock_};
};

TEST_F(DevelopmentSecret, ChecksHs256) {
  EXPECT_EQ(ReasonOf(HmacToken(kHs256, GoodPayload(), kSecret)), kGood);
  EXPECT_EQ(ReasonOf(HmacToken(R"({"alg":"HS256","kid":"rsa"})", GoodPayload(), kSecret)), kGood);
  EXPECT_EQ(keys_.reads(), 0);
}

TEST_F(DevelopmentSecret, IsNoOtherText) {
  const std::string secret = kSecret;
  for (const std::string& other :
       {std::string(), std::string("secret"), secret + "!", secret.substr(1), std::string(secret.size(), '\0')}) {
    EXPECT_EQ(ReasonOf(HmacToken(kHs256, GoodPayload(), other)), kBadSignature) << other;
  }
}

TEST_F(DevelopmentSecret, IsNoPublicKey) {
  for (const std::string& key : {rsa_.PublicPem(), rsa_.PublicDer(), rsa_.Jwk(), NamedJwk(rsa_, "rsa")}) {
    EXPECT_EQ(ReasonOf(HmacToken(R"({"alg":"HS256","kid":"rsa"})", GoodPayload(), key)), kBadSignature);
  }
}

TEST_F(DevelopmentSecret, IsForNoOtherAlgorithm) {
  EXPECT_EQ(ReasonOf(HmacToken(R"({"alg":"HS384"})", GoodPayload(), kSecret, 384)),
            auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED);
  EXPECT_EQ(ReasonOf(HmacToken(R"({"alg":"HS512"})", GoodPayload(), kSecret, 512)),
            auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED);
  EXPECT_EQ(ReasonOf(HmacToken(R"({"alg":"RS256","kid":"rsa"})", GoodPayload(), kSecret)), kBadSignature);
  EXPECT_EQ(ReasonOf(HmacToken(kHs256, GoodPayload(), kSecret, 512)), kBadSignature);
}

TEST_F(DevelopmentSecret, StillChecksEveryClaim) {
  EXPECT_EQ(ReasonOf(HmacToken(kHs256, "{}", kSecret)), auth::v1::REJECTION_REASON_MISSING_CLAIM);
  EXPECT_EQ(ReasonOf(HmacToken(kHs256, GoodPayload(absl::StrCat(R"(,"nbf":)", kNow + 61)), kSecret)),
            auth::v1::REJECTION_REASON_NOT_YET_VALID);
}

TEST_F(DevelopmentSecret, HasAtLeast32Characters) {
  EXPECT_FALSE(SharedSecret::Create(std::string(31, 's')).ok());
  EXPECT_TRUE(SharedSecret::Create(std::string(32, 's')).ok());
}

TEST_F(DevelopmentSecret, OpensNothingWhereItIsNotAllowed) {
  TokenVerifier::Options options = Allowed();
  options.rules.allow_hs256 = false;
  TokenVerifier verifier(std::move(options), clock_);
  const Verdict verdict = testing::VerifyNow(verifier, HmacToken(kHs256, GoodPayload(), kSecret));
  ASSERT_TRUE(verdict.ok() && !verdict->ok());
  EXPECT_EQ(verdict->rejection().reason, auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED);
}

TEST_F(DevelopmentSecret, OpensNothingWhereThereIsNone) {
  TokenVerifier::Options options = Allowed();
  options.secret = std::nullopt;
  TokenVerifier verifier(std::move(options), clock_);
  const Verdict verdict = testing::VerifyNow(verifier, HmacToken(kHs256, GoodPayload(), ""));
  ASSERT_TRUE(verdict.ok() && !verdict->ok());
  EXPECT_EQ(verdict->rejection().reason, kBadSignature);
}

TEST_F(DevelopmentSecret, LeavesOtherTokensAlone) {
  EXPECT_EQ(ReasonOf(rsa_.TokenOf(GoodPayload(), "rsa")), kGood);
  EXPECT_EQ(ReasonOf(SigningKey("RS256").TokenOf(GoodPayload(), "rsa")), kBadSignature);
}

}  // namespace
}  // namespace verifier
