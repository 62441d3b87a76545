#include "services/verifier/key_set.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using testing::KeySetOf;
using testing::SigningKey;

const SigningKey& Ed25519() {
  static const auto* const key = new SigningKey("EdDSA");
  return *key;
}
const SigningKey& Rsa() {
  static const auto* const key = new SigningKey("RS256");
  return *key;
}
const SigningKey& P256() {
  static const auto* const key = new SigningKey("ES256");
  return *key;
}

TEST(KeySet, RefusesWhatIsNoKeySet) {
  for (const char* text :
       {"", "garbage", "<html></html>", "[]", "{}", R"({"keys":{}})", R"({"keys":[],"keys":[]})", "{\"keys\":[]} x"}) {
    EXPECT_FALSE(KeySet::Parse(text, 32).ok()) << text;
  }
}

TEST(KeySet, RefusesMoreKeysThanTheLimit) {
  const std::vector<std::string> three(3, R"({"kty":"RSA"})");
  EXPECT_FALSE(KeySet::Parse(KeySetOf(three), 2).ok());
  EXPECT_TRUE(KeySet::Parse(KeySetOf(three), 3).ok());
}

struct BadKey {
  const char* rule;
  std::string jwk;
  const char* reason;
};

TEST(KeySet, SkipsABadKeyAndNeverTheSet) {
  const std::string small_rsa = SigningKey("RS256", 1024).Jwk();
  const std::vector<BadKey> table = {
      {"not an object", "1", "JSON object"},
      {"symmetric", R"({"kty":"oct","k":"c2VjcmV0"})", "symmetric"},
      {"private", Ed25519().Jwk(R"(,"d":"c2VjcmV0")"), "private"},
      {"encryption", Rsa().Jwk(R"(,"use":"enc")"), "use"},
      {"use of another type", Rsa().Jwk(R"(,"use":1)"), "use"},
      {"key_ops without verify", Rsa().Jwk(R"(,"key_ops":["encrypt"])"), "key_ops"},
      {"key_ops of another type", Rsa().Jwk(R"(,"key_ops":"verify")"), "key_ops"},
      {"numeric kid", Rsa().Jwk(R"(,"kid":1)"), "kid"},
      {"short RSA", small_rsa, "1024 bits"},
      {"alg of another kty", Rsa().Jwk(R"(,"alg":"ES256")"), "alg"},
      {"alg of another curve", P256().Jwk(R"(,"alg":"ES384")"), "alg"},
      {"HMAC over a public key", Rsa().Jwk(R"(,"alg":"HS256")"), "alg"},
      {"no kty", R"({"n":"AQAB"})", "kty"},
      {"unknown curve", R"({"kty":"OKP","crv":"Ed448","x":"AQAB"})", "crv"},
      {"secp256k1", R"({"kty":"EC","crv":"secp256k1","x":"AQAB","y":"AQAB"})", "crv"},
      {"no modulus", R"({"kty":"RSA","e":"AQAB"})", "`n`"},
      {"padded", R"({"kty":"OKP","crv":"Ed25519","x":"AQ=="})", "base64url"},
      {"short point", R"({"kty":"OKP","crv":"Ed25519","x":"AQAB"})", "32 bytes"},
  };
  for (const BadKey& bad : table) {
    const absl::StatusOr<KeySet> set = KeySet::Parse(KeySetOf({bad.jwk, Ed25519().Jwk(R"(,"kid":"good")")}), 32);
    ASSERT_TRUE(set.ok()) << bad.rule;
    EXPECT_EQ(set->keys().size(), 1u) << bad.rule;
    ASSERT_EQ(set->skipped().size(), 1u) << bad.rule;
    EXPECT_NE(set->skipped()[0].reason.find(bad.reason), std::string::npos)
        << bad.rule << ": " << set->skipped()[0].reason;
  }
}

TEST(KeySet, SkipsTheSecondKeyOfOneKid) {
  const KeySet set = *KeySet::Parse(KeySetOf({Ed25519().Jwk(R"(,"kid":"a")"), Rsa().Jwk(R"(,"kid":"a")")}), 32);
  ASSERT_EQ(set.keys().size(), 1u);
  EXPECT_EQ(set.keys()[0].public_key.algorithm(), Algorithm::kEdDsa);
  EXPECT_EQ(set.skipped()[0].key_id, "a");
}

TEST(KeySet, DerivesTheAlgorithmThatAKeyDoesNotName) {
  const KeySet set = *KeySet::Parse(
      KeySetOf({Ed25519().Jwk(), Rsa().Jwk(), P256().Jwk(), SigningKey("ES384").Jwk(), SigningKey("ES512").Jwk()}), 32);
  ASSERT_EQ(set.keys().size(), 5u);
  const Algorithm expected[] = {Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEs384,
                                Algorithm::kEs512};
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(set.keys()[i].public_key.algorithm(), expected[i]) << i;
}

TEST(KeySet, FindsByKidWhateverTheAlgorithm) {
  const KeySet set = *KeySet::Parse(KeySetOf({Ed25519().Jwk(R"(,"kid":"a")"), Rsa().Jwk(R"(,"kid":"b")")}), 32);
  EXPECT_EQ(set.Find("c", Algorithm::kEdDsa), nullptr);
  ASSERT_NE(set.Find("b", Algorithm::kEdDsa), nullptr);
  EXPECT_EQ(set.Find("b", Algorithm::kEdDsa)->key_id, "b");
}

TEST(KeySet, FindsWithoutKidOnlyWhereExactlyOneKeyFits) {
  const KeySet one = *KeySet::Parse(KeySetOf({Ed25519().Jwk(R"(,"kid":"a")"), Rsa().Jwk(R"(,"kid":"b")")}), 32);
  EXPECT_NE(one.Find(std::nullopt, Algorithm::kEdDsa), nullptr);
  EXPECT_EQ(one.Find(std::nullopt, Algorithm::kEs256), nullptr);
  const KeySet two =
      *KeySet::Parse(KeySetOf({Ed25519().Jwk(R"(,"kid":"a")"), SigningKey("EdDSA").Jwk(R"(,"kid":"b")")}), 32);
  EXPECT_EQ(two.Find(std::nullopt, Algorithm::kEdDsa), nullptr);
}

}  // namespace
}  // namespace verifier
