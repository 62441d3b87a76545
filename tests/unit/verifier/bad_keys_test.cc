// A key set with a bad key of every kind: the key is skipped and said why, and the set goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/verifier/key_set.h"
#include "tests/support/verifier/bad_keys.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using testing::BadKey;

TEST(BadKeys, AreSkippedAndNeverTheSet) {
  const std::string good = testing::SigningKey("EdDSA").Jwk(R"(,"kid":"good")");
  for (const BadKey& bad : testing::BadKeys()) {
    for (const auto& jwks : {std::vector{bad.jwk, good}, std::vector{good, bad.jwk}}) {
      const absl::StatusOr<KeySet> set = KeySet::Parse(testing::KeySetOf(jwks), 32);
      ASSERT_TRUE(set.ok()) << bad.name << ": " << set.status();
      ASSERT_EQ(set->keys().size(), 1u) << bad.name;
      EXPECT_EQ(set->keys()[0].key_id, "good") << bad.name;
      ASSERT_EQ(set->skipped().size(), 1u) << bad.name;
      EXPECT_THAT(set->skipped()[0].reason, ::testing::HasSubstr(bad.reason)) << bad.name;
    }
  }
}

TEST(BadKeys, LeaveNothingWhereTheyAreAlone) {
  for (const BadKey& bad : testing::BadKeys()) {
    const absl::StatusOr<KeySet> set = KeySet::Parse(testing::KeySetOf({bad.jwk}), 32);
    ASSERT_TRUE(set.ok()) << bad.name;
    EXPECT_TRUE(set->keys().empty()) << bad.name;
  }
}

// The least changes that make each of the kinds above good, so that it is not skipped for something else.
TEST(BadKeys, HaveGoodTwins) {
  const testing::SigningKey rsa("RS256");
  const testing::SigningKey ec("ES256");
  const testing::SigningKey okp("EdDSA");
  for (const std::string& jwk :
       {rsa.Jwk(), rsa.Jwk(R"(,"use":"sig")"), rsa.Jwk(R"(,"key_ops":["sign","verify"])"), rsa.Jwk(R"(,"kid":"")"),
        rsa.Jwk(R"(,"alg":"PS512")"), rsa.Jwk(R"(,"x5c":["MIIB"],"ext":true)"), ec.Jwk(R"(,"alg":"ES256")"),
        okp.Jwk(R"(,"alg":"EdDSA")"), okp.Jwk(R"(,"alg":"Ed25519")")}) {
    const absl::StatusOr<KeySet> set = KeySet::Parse(testing::KeySetOf({jwk}), 32);
    ASSERT_TRUE(set.ok()) << jwk;
    EXPECT_EQ(set->keys().size(), 1u) << jwk << ": " << set->skipped()[0].reason;
  }
}

TEST(BadKeys, TheSecondOfOneKeyIdIsSkippedWhateverItIs) {
  const testing::SigningKey first("EdDSA");
  for (const testing::SigningKey& second : {first, testing::SigningKey("EdDSA"), testing::SigningKey("ES256")}) {
    const KeySet set = *KeySet::Parse(testing::KeySetOf({first.Jwk(R"(,"kid":"a")"), second.Jwk(R"(,"kid":"a")")}), 32);
    ASSERT_EQ(set.keys().size(), 1u);
    EXPECT_EQ(set.keys()[0].public_key.algorithm(), Algorithm::kEdDsa);
    EXPECT_EQ(set.skipped()[0].key_id, "a");
    EXPECT_THAT(set.skipped()[0].reason, ::testing::HasSubstr("kid"));
  }
}

TEST(BadKeys, A33rdKeyIsTooMany) {
  const std::vector<std::string> keys(32, testing::SigningKey("EdDSA").Jwk());
  EXPECT_TRUE(KeySet::Parse(testing::KeySetOf(keys), 32).ok());
  std::vector<std::string> more = keys;
  more.emplace_back("{}");  // counts though it is bad
  EXPECT_FALSE(KeySet::Parse(testing::KeySetOf(more), 32).ok());
}

}  // namespace
}  // namespace verifier
