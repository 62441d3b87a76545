// What the verifier remembers of tokens that held, and what ends that.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "services/verifier/token_verifier.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using testing::KeySetOf;
using testing::SigningKey;

constexpr int64_t kNow = 1'800'000'000;

class SettableClock : public common::Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixSeconds(seconds); }
  int64_t seconds = kNow;
};

// Counts how often a key was asked for: a token that is remembered asks for none. Lookups wait until they are answered.
class CountingKeySource : public KeySource {
 public:
  void Publish(const std::vector<std::string>& jwks) {
    current_ = std::make_shared<const KeySet>(*KeySet::Parse(KeySetOf(jwks), 32));
  }
  void Withdraw() { current_ = nullptr; }

  std::shared_ptr<const KeySet> Current() const override {
    ++asked;
    return current_;
  }
  bool IsCurrent(const KeySet* keys) const override { return current_.get() == keys; }
  void LookUp(const std::string&, Callback done) override { lookups.push_back(std::move(done)); }
  void AnswerLookups(Lookup answer) {
    for (const Callback& done : std::exchange(lookups, {})) done(answer);
  }

  mutable int asked = 0;
  std::vector<Callback> lookups;

 private:
  std::shared_ptr<const KeySet> current_;
};

std::string Payload(const char* issuer = "https://auth.example.com", const char* audience = "todo") {
  return absl::StrCat(R"({"iss":")", issuer, R"(","aud":")", audience, R"(","sub":"ada","exp":)", kNow + 900,
                      R"(,"email":"ada@example.com"})");
}

std::string Named(const SigningKey& key, const char* key_id) {
  return key.Jwk(absl::StrCat(R"(,"kid":")", key_id, "\""));
}

TrustedIssuer Trust(const char* issuer, const char* audience, KeySource& keys) {
  return {*ClaimsPolicy::Create({.issuers = {issuer}, .audiences = {audience}}), keys};
}

// What came of it, as a word: the subject, the reason, or UNAVAILABLE.
std::string WordFor(const Verdict& verdict) {
  if (!verdict.ok()) return absl::IsUnavailable(verdict.status()) ? "UNAVAILABLE" : "?";
  if (verdict->ok()) return (**verdict).claims().subject();
  return auth::v1::RejectionReason_Name(verdict->rejection().reason).substr(sizeof "REJECTION_REASON");
}

std::string Verify(TokenVerifier& verifier, const std::string& token) {
  std::string word = "no answer";
  verifier.Verify(token, [&word](const Verdict& verdict) { word = WordFor(verdict); });
  return word;
}

class TokenMemoryTest : public ::testing::Test {
 protected:
  void SetUp() override { keys_.Publish({Named(key_, "one")}); }

  const SigningKey key_{"EdDSA"};
  const std::string token_ = key_.TokenOf(Payload(), "one");
  SettableClock clock_;
  CountingKeySource keys_;
  TokenVerifier verifier_{{.issuers = {Trust("https://auth.example.com", "todo", keys_)}}, clock_};
};

TEST_F(TokenMemoryTest, VerifiesATokenOnceAndGivesTheSameClaimsAgain) {
  EXPECT_EQ(Verify(verifier_, token_), "ada");
  EXPECT_EQ(keys_.asked, 1);
  verifier_.Verify(token_, [](const Verdict& verdict) {
    EXPECT_EQ((**verdict).claims().email(), "ada@example.com");
    EXPECT_EQ((**verdict).claims().key_id(), "one");
  });
  EXPECT_EQ(keys_.asked, 1);
}

TEST_F(TokenMemoryTest, NeverRemembersARejection) {
  const std::string forged = SigningKey("EdDSA").TokenOf(Payload(), "one");
  EXPECT_EQ(Verify(verifier_, forged), "BAD_SIGNATURE");
  EXPECT_EQ(Verify(verifier_, forged), "BAD_SIGNATURE");
  EXPECT_EQ(keys_.asked, 2);
}

TEST_F(TokenMemoryTest, DoesNotTakeATokenForOneThatDiffersInItsLastCharacter) {
  ASSERT_EQ(Verify(verifier_, token_), "ada");
  std::string other = token_;
  other.back() = other.back() == 'A' ? 'Q' : 'A';
  EXPECT_NE(Verify(verifier_, other), "ada");
}

TEST_F(TokenMemoryTest, ChecksTheTimeAtEachHit) {
  ASSERT_EQ(Verify(verifier_, token_), "ada");
  clock_.seconds = kNow + 900 + 59;
  EXPECT_EQ(Verify(verifier_, token_), "ada");
  clock_.seconds = kNow + 900 + 60;
  EXPECT_EQ(Verify(verifier_, token_), "EXPIRED");
}

TEST_F(TokenMemoryTest, ADroppedKeyRevokesAtOnce) {
  ASSERT_EQ(Verify(verifier_, token_), "ada");
  keys_.Publish({Named(SigningKey("EdDSA"), "two")});
  EXPECT_EQ(Verify(verifier_, token_), "no answer") << "the key is looked for";
  keys_.AnswerLookups(KeySource::Lookup::kCurrent);
  EXPECT_EQ(Verify(verifier_, token_), "no answer") << "and nothing was remembered";
}

TEST_F(TokenMemoryTest, AKeyThatIsReplacedUnderItsNameRevokesAtOnce) {
  ASSERT_EQ(Verify(verifier_, token_), "ada");
  keys_.Publish({Named(SigningKey("EdDSA"), "one")});
  EXPECT_EQ(Verify(verifier_, token_), "BAD_SIGNATURE");
}

TEST_F(TokenMemoryTest, IsUnavailableWhereNoKeySetMayBeUsedAnyMore) {
  ASSERT_EQ(Verify(verifier_, token_), "ada");
  keys_.Withdraw();
  std::string word = "no answer";
  verifier_.Verify(token_, [&word](const Verdict& verdict) { word = WordFor(verdict); });
  keys_.AnswerLookups(KeySource::Lookup::kUnavailable);
  EXPECT_EQ(word, "UNAVAILABLE");
}

TEST_F(TokenMemoryTest, AsksOnceForATokenThatManyShowAtOnce) {
  const SigningKey next("EdDSA");
  const std::string token = next.TokenOf(Payload(), "two");
  std::vector<std::string> words;
  for (int i = 0; i < 10; ++i) {
    verifier_.Verify(token, [&words](const Verdict& verdict) { words.push_back(WordFor(verdict)); });
  }
  EXPECT_EQ(keys_.lookups.size(), 1u);
  keys_.Publish({Named(key_, "one"), Named(next, "two")});
  keys_.AnswerLookups(KeySource::Lookup::kCurrent);
  EXPECT_EQ(words, std::vector<std::string>(10, "ada"));
}

TEST_F(TokenMemoryTest, RemembersNothingWhereItMayNot) {
  TokenVerifier verifier({.issuers = {Trust("https://auth.example.com", "todo", keys_)}, .cache_entries = 0}, clock_);
  EXPECT_EQ(Verify(verifier, token_), "ada");
  EXPECT_EQ(Verify(verifier, token_), "ada");
  EXPECT_EQ(keys_.asked, 2);
}

TEST_F(TokenMemoryTest, HoldsWithManyThreadsAtOnce) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 50; ++i) {
    tokens.push_back(key_.TokenOf(absl::StrCat(R"({"jti":")", i, "\",", Payload().substr(1)), "one"));
  }
  std::vector<std::thread> threads;
  std::atomic<int> held = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (const std::string& token : tokens) {
        verifier_.Verify(token, [&held](const Verdict& verdict) { held += WordFor(verdict) == "ada" ? 1 : 0; });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(held, 400);
}

class SeveralIssuersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    keys_a_.Publish({Named(key_a_, "one")});
    keys_b_.Publish({Named(key_b_, "one")});
  }

  static constexpr char kA[] = "https://a.example.com";
  static constexpr char kB[] = "https://b.example.com";
  const SigningKey key_a_{"EdDSA"};
  const SigningKey key_b_{"RS256"};
  SettableClock clock_;
  CountingKeySource keys_a_;
  CountingKeySource keys_b_;
  TokenVerifier verifier_{{.issuers = {Trust(kA, "todo", keys_a_), Trust(kB, "other", keys_b_)}}, clock_};
};

TEST_F(SeveralIssuersTest, ChecksEachTokenWithTheKeysOfItsIssuer) {
  EXPECT_EQ(Verify(verifier_, key_a_.TokenOf(Payload(kA, "todo"), "one")), "ada");
  EXPECT_EQ(Verify(verifier_, key_b_.TokenOf(Payload(kB, "other"), "one")), "ada");
}

TEST_F(SeveralIssuersTest, DoesNotLetOneIssuerSpeakForAnother) {
  EXPECT_EQ(Verify(verifier_, key_a_.TokenOf(Payload(kB, "other"), "one")), "ALGORITHM_KEY_MISMATCH");
  keys_b_.Publish({Named(SigningKey("EdDSA"), "one")});
  EXPECT_EQ(Verify(verifier_, key_a_.TokenOf(Payload(kB, "other"), "one")), "BAD_SIGNATURE");
}

TEST_F(SeveralIssuersTest, HoldsEachToItsOwnAudiences) {
  EXPECT_EQ(Verify(verifier_, key_a_.TokenOf(Payload(kA, "other"), "one")), "WRONG_AUDIENCE");
  EXPECT_EQ(Verify(verifier_, key_b_.TokenOf(Payload(kB, "todo"), "one")), "WRONG_AUDIENCE");
}

TEST_F(SeveralIssuersTest, FetchesNothingForAnIssuerThatIsNotTrusted) {
  EXPECT_EQ(Verify(verifier_, key_a_.TokenOf(Payload("https://c.example.com"), "made-up")), "WRONG_ISSUER");
  EXPECT_EQ(Verify(verifier_, key_a_.TokenOf(R"({"exp":1800000900})", "made-up")), "WRONG_ISSUER");
  EXPECT_EQ(Verify(verifier_, key_a_.TokenOf(R"({"iss":["https://a.example.com"]})", "made-up")), "WRONG_ISSUER");
  EXPECT_TRUE(keys_a_.lookups.empty());
  EXPECT_TRUE(keys_b_.lookups.empty());
}

TEST_F(SeveralIssuersTest, OneThatIsAwayDoesNotLockOutTheOthersUsers) {
  keys_b_.Withdraw();
  EXPECT_EQ(Verify(verifier_, key_a_.TokenOf(Payload(kA, "todo"), "one")), "ada");
}

class Hs256Test : public ::testing::Test {
 protected:
  Hs256Test() { keys_.Publish({Named(rsa_, "one")}); }

  std::string With(std::optional<std::string> secret, bool allow, const std::string& token) {
    TokenVerifier::Options options{.issuers = {Trust("https://auth.example.com", "todo", keys_)}};
    options.rules.allow_hs256 = allow;
    if (secret) options.secret = *SharedSecret::Create(*secret);
    TokenVerifier verifier(std::move(options), clock_);
    return Verify(verifier, token);
  }

  const std::string secret_ = "0123456789abcdef0123456789abcdef";
  const SigningKey rsa_{"RS256"};
  SettableClock clock_;
  CountingKeySource keys_;
};

TEST_F(Hs256Test, IsTakenWithItsSecretAlone) {
  const std::string token = testing::HmacToken(R"({"alg":"HS256"})", Payload(), secret_);
  EXPECT_EQ(With(secret_, true, token), "ada");
  EXPECT_EQ(With(secret_, false, token), "ALGORITHM_NOT_ALLOWED");
  EXPECT_EQ(With(std::nullopt, true, token), "BAD_SIGNATURE");
  EXPECT_EQ(With("another-secret-of-thirty-two-chars", true, token), "BAD_SIGNATURE");
  EXPECT_EQ(keys_.asked, 0);
}

TEST_F(Hs256Test, NeverTakesAPublicKeyForASecret) {
  for (const std::string& public_key : {Named(rsa_, "one"), rsa_.Jwk(), std::string()}) {
    const std::string token = testing::HmacToken(R"({"alg":"HS256","kid":"one"})", Payload(), public_key);
    EXPECT_EQ(With(secret_, true, token), "BAD_SIGNATURE");
    EXPECT_EQ(With(secret_, false, token), "ALGORITHM_NOT_ALLOWED");
  }
}

TEST_F(Hs256Test, HoldsTheTokenToTheSameClaims) {
  EXPECT_EQ(With(secret_, true, testing::HmacToken(R"({"alg":"HS256"})", Payload("https://evil.example"), secret_)),
            "WRONG_ISSUER");
  EXPECT_EQ(With(secret_, true, testing::HmacToken(R"({"alg":"HS256"})", R"({"sub":"ada"})", secret_)),
            "MISSING_CLAIM");
}

TEST(SharedSecret, RefusesOneThatIsTooShortWithoutQuotingIt) {
  const absl::StatusOr<SharedSecret> secret = SharedSecret::Create("hunter2");
  ASSERT_FALSE(secret.ok());
  EXPECT_THAT(std::string(secret.status().message()), ::testing::Not(::testing::HasSubstr("hunter2")));
}

}  // namespace
}  // namespace verifier
