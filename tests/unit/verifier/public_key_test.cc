#include "services/verifier/public_key.h"

#include <gtest/gtest.h>

#include "common/json/json_document.h"
#include "services/verifier/base64url.h"
#include "services/verifier/jwk.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using testing::SigningKey;

PublicKey KeyOf(const SigningKey& key) {
  const json::Document document = *json::Document::Parse(key.Jwk(R"(,"alg":")" + key.algorithm() + "\""));
  absl::StatusOr<Jwk> jwk = ParseJwk(document.root());
  EXPECT_TRUE(jwk.ok()) << jwk.status();
  return jwk->public_key;
}

class PublicKeyOf : public ::testing::TestWithParam<const char*> {};

TEST_P(PublicKeyOf, RefusesEverySignatureThatIsNotItsOwn) {
  const SigningKey signer(GetParam());
  const PublicKey key = KeyOf(signer);
  const std::string signature = signer.Sign("message");
  EXPECT_FALSE(key.Verify("massage", signature));
  EXPECT_FALSE(key.Verify("message", SigningKey(GetParam()).Sign("message")));
  EXPECT_FALSE(key.Verify("message", ""));
  EXPECT_FALSE(key.Verify("message", signature.substr(1)));
  EXPECT_FALSE(key.Verify("message", signature + '\0'));
  EXPECT_FALSE(key.Verify("message", std::string(signature.size(), '\0')));
  EXPECT_FALSE(key.Verify("message", std::string(signature.size(), '\xff')));
  for (size_t i = 0; i < signature.size(); i += 7) {
    std::string changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(key.Verify("message", changed)) << "byte " << i;
  }
}

TEST_P(PublicKeyOf, AcceptsItsOwnSignature) {
  const SigningKey signer(GetParam());
  const PublicKey key = KeyOf(signer);
  EXPECT_TRUE(key.Verify("message", signer.Sign("message")));
  EXPECT_TRUE(key.Verify("", signer.Sign("")));
}

INSTANTIATE_TEST_SUITE_P(EachAlgorithm, PublicKeyOf,
                         ::testing::Values("EdDSA", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
                                           "ES384", "ES512"),
                         [](const auto& row) { return std::string(row.param); });

// RFC 8037 appendix A.4.
TEST(PublicKey, ChecksTheEd25519ExampleOfTheRfc) {
  const PublicKey key = *PublicKey::FromEd25519(*DecodeBase64Url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
  EXPECT_TRUE(key.Verify(
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
      *DecodeBase64Url("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")));
}

TEST(PublicKey, RefusesShortAndOddRsaKeys) {
  const std::string modulus = "\xc1" + std::string(254, '\x5a') + "\x01";
  EXPECT_FALSE(PublicKey::FromRsa(Algorithm::kRs256, modulus.substr(0, 255), std::string("\x01\x00\x01", 3)).ok());
  EXPECT_FALSE(PublicKey::FromRsa(Algorithm::kRs256, modulus, "").ok());
  EXPECT_FALSE(PublicKey::FromRsa(Algorithm::kRs256, modulus, "\x01").ok());
  EXPECT_FALSE(PublicKey::FromRsa(Algorithm::kRs256, modulus, "\x04").ok());
  EXPECT_FALSE(PublicKey::FromRsa(Algorithm::kRs256, modulus, std::string(9, '\x01')).ok());
  EXPECT_FALSE(PublicKey::FromRsa(Algorithm::kRs256, std::string(1025, '\x81'), "\x03").ok());
}

TEST(PublicKey, RefusesPointsOffTheCurve) {
  EXPECT_FALSE(PublicKey::FromEc(Algorithm::kEs256, std::string(32, '\1'), std::string(32, '\1')).ok());
  EXPECT_FALSE(PublicKey::FromEc(Algorithm::kEs256, std::string(32, '\0'), std::string(32, '\0')).ok());
  EXPECT_FALSE(PublicKey::FromEc(Algorithm::kEs256, std::string(31, '\1'), std::string(32, '\1')).ok());
  EXPECT_FALSE(PublicKey::FromEd25519(std::string(31, '\1')).ok());
}

}  // namespace
}  // namespace verifier
