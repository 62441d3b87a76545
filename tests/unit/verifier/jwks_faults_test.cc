// The key set of an issuer whose endpoint does everything wrong: what was good goes on serving, and nobody is rejected
// for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>

#include "services/verifier/jwks_cache.h"
#include "services/verifier/token_verifier.h"
#include "tests/support/verifier/example_verifier.h"
#include "tests/support/verifier/jwks_faults.h"

namespace verifier {
namespace {

using testing::GoodPayload;
using testing::JwksFault;
using testing::JwksServer;
using testing::KeySetOf;
using testing::NamedJwk;
using testing::SigningKey;

constexpr absl::Duration kLong = absl::Seconds(30);

const SigningKey& Key() {
  static const auto* const key = new SigningKey("EdDSA");
  return *key;
}

class JwksFaults : public ::testing::TestWithParam<JwksFault> {
 protected:
  // Refreshes all the time where `lifetime` is short.
  void Start(absl::Duration lifetime = absl::Hours(1)) {
    JwksCache::Options options;
    options.lifetime = lifetime;
    options.lookup_burst = 1000;
    options.min_backoff = options.max_backoff = absl::Milliseconds(5);
    const absl::Duration timeout = GetParam().is_endless ? absl::Milliseconds(50) : kLong;
    keys_ = std::make_unique<JwksCache>(options, JwksFetcher::Options{.url = server_.url(), .total_timeout = timeout},
                                        common::Logger::Silent());
    verifier_ = std::make_unique<TokenVerifier>(testing::ExampleOptions(*keys_), clock_);
  }

  void ServeGood() { server_.Serve(KeySetOf({NamedJwk(Key(), "good")})); }

  Verdict Verify(const std::string& token) {
    std::promise<Verdict> verdict;
    verifier_->Verify(token, [&verdict](const Verdict& v) { verdict.set_value(v); });
    return verdict.get_future().get();
  }

  // Blocks until so many fetches have failed.
  void AwaitFailures(int64_t count) {
    KeySetStatus status;
    do {
      std::this_thread::yield();
      status = keys_->Status();
    } while (status.unreachable + status.bad_answers < count);
  }

  JwksServer server_;
  testing::FixedClock clock_{absl::FromUnixSeconds(testing::kNow)};
  std::unique_ptr<JwksCache> keys_;
  std::unique_ptr<TokenVerifier> verifier_;
};

TEST_P(JwksFaults, AtTheStartGiveNoKeysAndTheReason) {
  GetParam().inject(server_);
  Start();
  AwaitFailures(2);
  EXPECT_EQ(keys_->Current(), nullptr);
  const absl::Status status = keys_->WaitUntilUsable(absl::ZeroDuration());
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(GetParam().message));
  EXPECT_THAT(std::string(status.message()), ::testing::StartsWith("JWKS endpoint"));
  const Verdict verdict = Verify(Key().TokenOf(GoodPayload(), "good"));
  EXPECT_TRUE(absl::IsUnavailable(verdict.status())) << verdict.status();
}

TEST_P(JwksFaults, LaterLeaveTheLastGoodSet) {
  ServeGood();
  Start(/*lifetime=*/absl::Milliseconds(10));
  ASSERT_TRUE(keys_->WaitUntilUsable(kLong).ok());
  const std::shared_ptr<const KeySet> good = keys_->Current();
  GetParam().inject(server_);
  AwaitFailures(3);
  EXPECT_EQ(keys_->Current(), good);
  const Verdict verdict = Verify(Key().TokenOf(GoodPayload(), "good"));
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_TRUE(verdict->ok()) << verdict->rejection().detail;
}

TEST_P(JwksFaults, MakeAnUnknownKeyUnavailableAndNoRejection) {
  ServeGood();
  Start();
  ASSERT_TRUE(keys_->WaitUntilUsable(kLong).ok());
  GetParam().inject(server_);
  const Verdict verdict = Verify(SigningKey("EdDSA").TokenOf(GoodPayload(), "other"));
  EXPECT_TRUE(absl::IsUnavailable(verdict.status())) << verdict.status();
}

TEST_P(JwksFaults, AreOverWhenTheEndpointIsGoodAgain) {
  GetParam().inject(server_);
  Start();
  AwaitFailures(1);
  server_.Open();
  server_.Release();
  ServeGood();
  ASSERT_TRUE(keys_->WaitUntilUsable(kLong).ok());
  EXPECT_EQ(keys_->Status().last_error, "");
}

INSTANTIATE_TEST_SUITE_P(Table, JwksFaults, ::testing::ValuesIn(testing::JwksFaults()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace verifier
