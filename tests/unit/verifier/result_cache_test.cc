// What a TokenVerifier remembers of tokens that held, and for how long.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/verifier/example_verifier.h"

namespace verifier {
namespace {

using testing::ExampleVerifier;
using testing::GoodPayload;
using testing::kNow;
using testing::NamedJwk;
using testing::SigningKey;

auth::v1::RejectionReason ReasonOf(const Verdict& verdict) {
  if (!verdict.ok() || verdict->ok()) return auth::v1::REJECTION_REASON_UNSPECIFIED;
  return verdict->rejection().reason;
}

bool Holds(const Verdict& verdict) { return verdict.ok() && verdict->ok(); }

class ResultCache : public ::testing::Test {
 protected:
  // Whether the verdict about this token, which must be good, was remembered.
  bool IsRemembered(const std::string& token) {
    const int reads = verifier_.keys().reads();
    EXPECT_TRUE(Holds(verifier_.Verify(token)));
    return verifier_.keys().reads() == reads;
  }

  const SigningKey key_{"EdDSA"};
  ExampleVerifier verifier_{{NamedJwk(key_, "a")}};
  const std::string good_ = key_.TokenOf(GoodPayload(), "a");
};

TEST_F(ResultCache, HasTheNumbersThatAreDocumented) {
  const TokenVerifier::Options options{.issuers = {}};
  EXPECT_EQ(options.cache_entries, 10'000u);
  EXPECT_EQ(options.cache_bytes, 64u << 20);
  EXPECT_EQ(options.cache_for, absl::Seconds(30));
}

TEST_F(ResultCache, ForgetsATokenWithItsKey) {
  ASSERT_TRUE(Holds(verifier_.Verify(good_)));
  ASSERT_TRUE(IsRemembered(good_));
  verifier_.keys().Publish({NamedJwk(SigningKey("EdDSA"), "b")});
  EXPECT_EQ(ReasonOf(verifier_.Verify(good_)), auth::v1::REJECTION_REASON_UNKNOWN_KEY);
}

TEST_F(ResultCache, ForgetsATokenWhoseKeyIdIsAnotherKeysNow) {
  ASSERT_TRUE(Holds(verifier_.Verify(good_)));
  verifier_.keys().Publish({NamedJwk(SigningKey("EdDSA"), "a")});
  EXPECT_EQ(ReasonOf(verifier_.Verify(good_)), auth::v1::REJECTION_REASON_BAD_SIGNATURE);
}

TEST_F(ResultCache, GivesNothingWithoutAKeySetThatMayBeUsed) {
  ASSERT_TRUE(Holds(verifier_.Verify(good_)));
  verifier_.keys().Withdraw();
  verifier_.keys().FailLookups();
  EXPECT_TRUE(absl::IsUnavailable(verifier_.Verify(good_).status()));
}

TEST_F(ResultCache, ChecksTheTimesAtEachHit) {
  const std::string token = key_.TokenOf(
      absl::StrCat(R"({"iss":")", testing::kIssuer, R"(","aud":")", testing::kAudience, R"(","sub":"ada","exp":)",
                   kNow + 900, R"(,"nbf":)", kNow - 100, R"(,"iat":)", kNow - 200, "}"),
      "a");
  const auto at = [&](int64_t seconds) {
    verifier_.clock().Set(absl::FromUnixSeconds(seconds));
    return ReasonOf(verifier_.Verify(token));
  };
  ASSERT_TRUE(Holds(verifier_.Verify(token)));
  EXPECT_EQ(at(kNow + 959), auth::v1::REJECTION_REASON_UNSPECIFIED);
  EXPECT_EQ(at(kNow + 960), auth::v1::REJECTION_REASON_EXPIRED);
  // A clock that is set back finds it young again, and then too young.
  EXPECT_EQ(at(kNow - 160), auth::v1::REJECTION_REASON_UNSPECIFIED);
  EXPECT_EQ(at(kNow - 161), auth::v1::REJECTION_REASON_NOT_YET_VALID);
}

TEST_F(ResultCache, ChecksIssuerAndAudienceAtEachHit) {
  const Claims claims{.subject = "ada",
                      .issuer = testing::kIssuer,
                      .audience = {testing::kAudience},
                      .expire_time = absl::FromUnixSeconds(kNow + 900),
                      .issue_time = absl::FromUnixSeconds(kNow)};
  const absl::Time now = absl::FromUnixSeconds(kNow);
  EXPECT_FALSE(
      ClaimsPolicy::Create({.issuers = {testing::kIssuer}, .audiences = {testing::kAudience}})->Recheck(claims, now));
  EXPECT_EQ(ClaimsPolicy::Create({.issuers = {"https://x.test"}, .audiences = {testing::kAudience}})
                ->Recheck(claims, now)
                ->reason,
            auth::v1::REJECTION_REASON_WRONG_ISSUER);
  EXPECT_EQ(ClaimsPolicy::Create({.issuers = {testing::kIssuer}, .audiences = {"https://x.test"}})
                ->Recheck(claims, now)
                ->reason,
            auth::v1::REJECTION_REASON_WRONG_AUDIENCE);
}

TEST_F(ResultCache, RemembersNoRejection) {
  const std::string early = key_.TokenOf(GoodPayload(absl::StrCat(R"(,"nbf":)", kNow + 100)), "a");
  EXPECT_EQ(ReasonOf(verifier_.Verify(early)), auth::v1::REJECTION_REASON_NOT_YET_VALID);
  verifier_.clock().Set(absl::FromUnixSeconds(kNow + 100));
  EXPECT_TRUE(Holds(verifier_.Verify(early)));

  const SigningKey next("EdDSA");
  const std::string unknown = next.TokenOf(GoodPayload(), "b");
  EXPECT_EQ(ReasonOf(verifier_.Verify(unknown)), auth::v1::REJECTION_REASON_UNKNOWN_KEY);
  verifier_.keys().Publish({NamedJwk(key_, "a"), NamedJwk(next, "b")});
  EXPECT_TRUE(Holds(verifier_.Verify(unknown)));
}

TEST_F(ResultCache, KnowsATokenByAllItsBytes) {
  ASSERT_TRUE(Holds(verifier_.Verify(good_)));
  std::string changed = good_;
  changed[changed.size() - 10] = changed[changed.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(ReasonOf(verifier_.Verify(changed)), auth::v1::REJECTION_REASON_BAD_SIGNATURE);
  EXPECT_FALSE(Holds(verifier_.Verify(good_.substr(0, good_.size() - 1))));
  EXPECT_FALSE(Holds(verifier_.Verify(good_ + "=")));
  EXPECT_TRUE(IsRemembered(good_));
}

TEST_F(ResultCache, GivesTheSameClaimsAgain) {
  const std::string first = (**verifier_.Verify(good_)).claims().SerializeAsString();
  ASSERT_TRUE(IsRemembered(good_));
  EXPECT_EQ((**verifier_.Verify(good_)).claims().SerializeAsString(), first);
}

TEST_F(ResultCache, KeepsNoMoreTokensThanItMay) {
  TokenVerifier::Options options = testing::ExampleOptions(verifier_.keys());
  options.cache_entries = 64;
  TokenVerifier verifier(std::move(options), verifier_.clock());
  std::vector<std::string> tokens;
  for (int i = 0; i < 1000; ++i) tokens.push_back(key_.TokenOf(GoodPayload(absl::StrCat(R"(,"n":)", i)), "a"));
  for (const std::string& token : tokens) ASSERT_TRUE(Holds(testing::VerifyNow(verifier, token)));
  const int reads = verifier_.keys().reads();
  for (const std::string& token : tokens) ASSERT_TRUE(Holds(testing::VerifyNow(verifier, token)));
  EXPECT_GE(verifier_.keys().reads() - reads, 1000 - 64);
}

TEST_F(ResultCache, KeepsNoMoreBytesThanItMay) {
  TokenVerifier::Options options = testing::ExampleOptions(verifier_.keys());
  options.cache_bytes = 1 << 20;
  TokenVerifier verifier(std::move(options), verifier_.clock());
  const std::string claim(5000, 'x');
  std::vector<std::string> tokens;
  for (int i = 0; i < 1000; ++i) {
    tokens.push_back(key_.TokenOf(GoodPayload(absl::StrCat(R"(,"n":)", i, R"(,"x":")", claim, "\"")), "a"));
  }
  for (const std::string& token : tokens) ASSERT_TRUE(Holds(testing::VerifyNow(verifier, token)));
  const int reads = verifier_.keys().reads();
  for (const std::string& token : tokens) ASSERT_TRUE(Holds(testing::VerifyNow(verifier, token)));
  // A claim of 5,000 bytes takes no less than these bytes.
  EXPECT_GE(verifier_.keys().reads() - reads, 1000 - (1 << 20) / 5000);
}

TEST_F(ResultCache, VerifiesTheSameTokenOnceForAllWhoAskAtOnce) {
  const SigningKey next("EdDSA");
  verifier_.keys().PublishWithNextLookup({NamedJwk(key_, "a"), NamedJwk(next, "b")});
  verifier_.keys().HoldLookups();
  TokenVerifier verifier(testing::ExampleOptions(verifier_.keys()), verifier_.clock());
  const std::string token = next.TokenOf(GoodPayload(), "b");
  int believed = 0;
  for (int i = 0; i < 100; ++i) {
    verifier.Verify(token, [&believed](const Verdict& verdict) { believed += Holds(verdict) ? 1 : 0; });
  }
  const int reads = verifier_.keys().reads();
  EXPECT_EQ(verifier_.keys().lookups(), 1);
  EXPECT_EQ(believed, 0);
  verifier_.keys().AnswerLookups();
  EXPECT_EQ(believed, 100);
  EXPECT_EQ(verifier_.keys().reads(), reads + 1);
}

TEST_F(ResultCache, LetsCallersKeepAnAnswerNeverPastTheExpiry) {
  const auto cache_for = [&](int64_t now) {
    verifier_.clock().Set(absl::FromUnixSeconds(now));
    const Verdict verdict = verifier_.Verify(good_);
    EXPECT_TRUE(Holds(verdict)) << now;
    return (**verdict).cache_for();
  };
  EXPECT_EQ(cache_for(kNow), absl::Seconds(30));
  EXPECT_EQ(cache_for(kNow + 870), absl::Seconds(30));
  EXPECT_EQ(cache_for(kNow + 890), absl::Seconds(10));
  // Within the skew it is good for now and for no longer.
  EXPECT_EQ(cache_for(kNow + 900), absl::ZeroDuration());
  EXPECT_EQ(cache_for(kNow + 930), absl::ZeroDuration());
}

TEST_F(ResultCache, LetsCallersKeepTheFirstAnswerNeverPastTheExpiryEither) {
  const auto cache_for = [&](int64_t now) {
    verifier_.clock().Set(absl::FromUnixSeconds(now));
    const std::string token = key_.TokenOf(GoodPayload(absl::StrCat(R"(,"n":)", now)), "a");
    const int reads = verifier_.keys().reads();
    const Verdict verdict = verifier_.Verify(token);
    EXPECT_TRUE(Holds(verdict)) << now;
    EXPECT_GT(verifier_.keys().reads(), reads) << "it was new";
    return (**verdict).cache_for();
  };
  EXPECT_EQ(cache_for(kNow), absl::Seconds(30));
  EXPECT_EQ(cache_for(kNow + 890), absl::Seconds(10));
  EXPECT_EQ(cache_for(kNow + 930), absl::ZeroDuration());
}

}  // namespace
}  // namespace verifier
