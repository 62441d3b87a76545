#include "services/verifier/token_verifier.h"

#include <gtest/gtest.h>
#include <jwt/jwt.hpp>

#include <type_traits>

#include "absl/strings/str_cat.h"
#include "tests/support/verifier/example_verifier.h"

namespace verifier {
namespace {

using testing::EncodeBase64Url;
using testing::kNow;
using testing::NamedJwk;
using testing::SigningKey;

// The proof of a verification: this would not compile if anybody but the verifiers could make one.
static_assert(!std::is_default_constructible_v<VerifiedToken> && !std::is_aggregate_v<VerifiedToken>);
static_assert(!std::is_constructible_v<VerifiedToken, auth::v1::VerifiedToken>);
static_assert(!std::is_constructible_v<VerifiedToken, auth::v1::VerifiedToken, absl::Duration>);

constexpr char kPayload[] =
    R"({"iss":"https://auth.example.com","aud":"https://auth.example.com","sub":"ada","iat":1800000000,"exp":1800000900,)"
    R"("email":"ada@example.com","name":"Ada","roles":["reader",{"deep":true}],"count":3})";

class TokenVerifierTest : public ::testing::Test {
 protected:
  Verdict Verify(const std::string& token) { return testing::VerifyNow(verifier_, token); }

  auth::v1::RejectionReason ReasonOf(const std::string& token) {
    const Verdict result = Verify(token);
    if (!result.ok() || result->ok()) return auth::v1::REJECTION_REASON_UNSPECIFIED;
    return result->rejection().reason;
  }

  const SigningKey ed25519_{"EdDSA"};
  const SigningKey rsa_{"RS256"};
  testing::FixedKeySource keys_{{NamedJwk(ed25519_, "ed"), NamedJwk(rsa_, "rsa")}};
  const testing::FixedClock clock_{absl::FromUnixSeconds(kNow)};
  TokenVerifier verifier_{{.issuers = {{*ClaimsPolicy::Create({.issuers = {"https://auth.example.com"},
                                                               .audiences = {"https://auth.example.com"}}),
                                        keys_}}},
                          clock_};
};

TEST_F(TokenVerifierTest, BelievesNoClaimBeforeTheSignature) {
  // Expired as well as forged: the reason must not tell a forger which claims would have been good.
  const std::string forged = SigningKey("EdDSA").TokenOf(R"({"exp":1})", "ed");
  EXPECT_EQ(ReasonOf(forged), auth::v1::REJECTION_REASON_BAD_SIGNATURE);
  EXPECT_EQ(ReasonOf(ed25519_.TokenOf(R"({"exp":1})", "ed")), auth::v1::REJECTION_REASON_MISSING_CLAIM);
}

TEST_F(TokenVerifierTest, RejectsATokenWhosePayloadOrHeaderWasExchanged) {
  const std::string token = ed25519_.TokenOf(kPayload, "ed");
  const size_t first = token.find('.');
  const size_t second = token.rfind('.');
  EXPECT_EQ(
      ReasonOf(absl::StrCat(token.substr(0, first + 1), EncodeBase64Url(R"({"sub":"bob"})"), token.substr(second))),
      auth::v1::REJECTION_REASON_BAD_SIGNATURE);
  EXPECT_EQ(ReasonOf(absl::StrCat(EncodeBase64Url(R"({"alg":"EdDSA","kid":"ed","x":1})"), token.substr(first))),
            auth::v1::REJECTION_REASON_BAD_SIGNATURE);
  EXPECT_EQ(ReasonOf(absl::StrCat(token.substr(0, second + 1), EncodeBase64Url(std::string(64, '\0')))),
            auth::v1::REJECTION_REASON_BAD_SIGNATURE);
}

TEST_F(TokenVerifierTest, RejectsAnAlgorithmThatIsNotTheKeys) {
  EXPECT_EQ(ReasonOf(ed25519_.Token(R"({"alg":"RS256","kid":"ed"})", kPayload)),
            auth::v1::REJECTION_REASON_ALGORITHM_KEY_MISMATCH);
  EXPECT_EQ(ReasonOf(rsa_.Token(R"({"alg":"PS256","kid":"rsa"})", kPayload)),
            auth::v1::REJECTION_REASON_ALGORITHM_KEY_MISMATCH);
  EXPECT_EQ(ReasonOf(rsa_.Token(R"({"alg":"RS384","kid":"rsa"})", kPayload)),
            auth::v1::REJECTION_REASON_ALGORITHM_KEY_MISMATCH);
}

TEST_F(TokenVerifierTest, RejectsAnHmacKeyedWithThePublicKey) {
  using namespace jwt::params;  // NOLINT(google-build-using-namespace)
  jwt::jwt_object object{algorithm("HS256"), secret(NamedJwk(rsa_, "rsa")), payload({{"sub", "ada"}})};
  object.header().add_header("kid", "rsa");
  EXPECT_EQ(ReasonOf(object.signature()), auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED);
}

TEST_F(TokenVerifierTest, LooksForAnUnknownKeyOnceAndRejectsIt) {
  EXPECT_EQ(ReasonOf(ed25519_.TokenOf(kPayload, "made-up")), auth::v1::REJECTION_REASON_UNKNOWN_KEY);
  EXPECT_EQ(keys_.lookups(), 1);
}

TEST_F(TokenVerifierTest, DoesNotFetchForATokenThatNamesNoKey) {
  EXPECT_EQ(ReasonOf(SigningKey("ES256").Token(R"({"alg":"ES256"})", kPayload)),
            auth::v1::REJECTION_REASON_UNKNOWN_KEY);
  EXPECT_EQ(keys_.lookups(), 0);
}

TEST_F(TokenVerifierTest, IsUnavailableWhereTheKeyCouldNotBeLookedFor) {
  keys_.FailLookups();
  const Verdict result = Verify(ed25519_.TokenOf(kPayload, "made-up"));
  EXPECT_TRUE(absl::IsUnavailable(result.status())) << result.status();
}

TEST_F(TokenVerifierTest, IsUnavailableWhereThereIsNoKeySet) {
  keys_.Withdraw();
  keys_.FailLookups();
  EXPECT_TRUE(absl::IsUnavailable(Verify(ed25519_.TokenOf(kPayload, "ed")).status()));
}

// It may have grown too old between the answer and the look at it.
TEST_F(TokenVerifierTest, IsUnavailableWhereTheKeySetIsGoneAfterTheLookup) {
  keys_.Withdraw();
  EXPECT_TRUE(absl::IsUnavailable(Verify(ed25519_.TokenOf(kPayload, "ed")).status()));
  EXPECT_EQ(keys_.lookups(), 1);
}

TEST_F(TokenVerifierTest, AcceptsTheFirstTokenOfANewKey) {
  const SigningKey next("EdDSA");
  keys_.PublishWithNextLookup({NamedJwk(ed25519_, "ed"), NamedJwk(next, "next")});
  EXPECT_TRUE(Verify(next.TokenOf(kPayload, "next"))->ok());
  EXPECT_TRUE(Verify(ed25519_.TokenOf(kPayload, "ed"))->ok());
}

TEST_F(TokenVerifierTest, GivesTheClaimsOfAGoodToken) {
  const Verdict result = Verify(ed25519_.TokenOf(kPayload, "ed"));
  ASSERT_TRUE(result.ok());
  ASSERT_TRUE(result->ok()) << result->rejection().detail;
  const auth::v1::VerifiedToken& claims = (**result).claims();
  EXPECT_EQ(claims.subject(), "ada");
  EXPECT_EQ(claims.issuer(), "https://auth.example.com");
  EXPECT_EQ(claims.audience(0), "https://auth.example.com");
  EXPECT_EQ(claims.expire_time().seconds(), kNow + 900);
  EXPECT_EQ(claims.issue_time().seconds(), kNow);
  EXPECT_EQ(claims.email(), "ada@example.com");
  EXPECT_EQ(claims.name(), "Ada");
  EXPECT_EQ(claims.key_id(), "ed");
  EXPECT_EQ(claims.algorithm(), "EdDSA");
  const auto& others = claims.other_claims().fields();
  ASSERT_EQ(others.size(), 2u);
  EXPECT_EQ(others.at("count").number_value(), 3);
  EXPECT_EQ(others.at("roles").list_value().values(0).string_value(), "reader");
}

TEST_F(TokenVerifierTest, AcceptsATokenWithoutKidWhereOneKeyFits) {
  EXPECT_TRUE(Verify(ed25519_.Token(R"({"alg":"EdDSA"})", kPayload))->ok());
  EXPECT_TRUE(Verify(ed25519_.Token(R"({"alg":"Ed25519"})", kPayload))->ok());
}

class TokenVerifierAccepts : public TokenVerifierTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(TokenVerifierAccepts, TokensOfTheAlgorithm) {
  const SigningKey key(GetParam());
  keys_.Publish({NamedJwk(key, "k")});
  const Verdict result = Verify(key.TokenOf(kPayload, "k"));
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->ok());
}

INSTANTIATE_TEST_SUITE_P(EachAlgorithm, TokenVerifierAccepts,
                         ::testing::Values("EdDSA", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
                                           "ES384", "ES512"),
                         [](const auto& row) { return std::string(row.param); });

// A second opinion on what a token is: another library signs.
class TokenVerifierAcceptsCppJwt : public TokenVerifierTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(TokenVerifierAcceptsCppJwt, TokensOfTheAlgorithm) {
  using namespace jwt::params;  // NOLINT(google-build-using-namespace)
  const SigningKey key(GetParam());
  keys_.Publish({NamedJwk(key, "k")});
  jwt::jwt_object object{
      algorithm(GetParam()), secret(key.PrivatePem()),
      payload({{"iss", "https://auth.example.com"}, {"aud", "https://auth.example.com"}, {"sub", "ada"}})};
  object.header().add_header("kid", "k");
  object.add_claim("exp", uint64_t{kNow + 900});
  const Verdict result = Verify(object.signature());
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->ok()) << result->rejection().detail;
}

INSTANTIATE_TEST_SUITE_P(EachAlgorithm, TokenVerifierAcceptsCppJwt,
                         ::testing::Values("RS256", "RS384", "RS512", "ES256", "ES384", "ES512"),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace verifier
