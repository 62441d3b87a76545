// When a key set is fetched, for how long it serves, and what is remembered meanwhile: read from the cache's own
// status, so that nothing is waited for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/verifier/jwks_cache.h"
#include "tests/support/verifier/example_verifier.h"
#include "tests/support/verifier/jwks_server.h"

namespace verifier {
namespace {

using testing::JwksServer;
using testing::KeySetOf;
using testing::NamedJwk;
using testing::SigningKey;

class JwksSchedule : public ::testing::Test {
 protected:
  void Start(JwksCache::Options options = {}) {
    // Longer than any test takes, so that no fetch ends by itself.
    keys_ = std::make_unique<JwksCache>(
        options, JwksFetcher::Options{.url = server_.url(), .total_timeout = absl::Hours(1)}, common::Logger::Silent());
  }
  void StartWithKeys(JwksCache::Options options = {}, const std::string& headers = "") {
    server_.Serve(KeySetOf({NamedJwk(key_, "a")}), "", headers);
    Start(options);
    ASSERT_TRUE(keys_->WaitUntilUsable(absl::Seconds(30)).ok());
    status_ = keys_->Status();
  }

  KeySource::Lookup LookUp(const std::string& key_id) {
    std::promise<KeySource::Lookup> answer;
    keys_->LookUp(key_id, [&answer](KeySource::Lookup lookup) { answer.set_value(lookup); });
    return answer.get_future().get();
  }

  absl::Duration UntilFetch() const { return status_.next_fetch - status_.last_success; }
  absl::Duration UntilHardCap() const { return status_.usable_until - status_.last_success; }

  const SigningKey key_{"EdDSA"};
  JwksServer server_;
  std::unique_ptr<JwksCache> keys_;
  KeySetStatus status_;
};

TEST_F(JwksSchedule, ASetServesForAnHourAndOneMore) {
  StartWithKeys();
  EXPECT_EQ(UntilHardCap(), absl::Hours(2));
}

TEST_F(JwksSchedule, ASetIsFetchedAgainInTheLastTenthOfItsHour) {
  std::set<absl::Duration> points;
  for (int i = 0; i < 10; ++i) {
    StartWithKeys();
    EXPECT_GE(UntilFetch(), absl::Minutes(54));
    EXPECT_LE(UntilFetch(), absl::Minutes(59) + absl::Seconds(30));
    points.insert(UntilFetch());
  }
  EXPECT_GT(points.size(), 1u);  // at a random point of it
}

TEST_F(JwksSchedule, MaxAgeShortensTheHour) {
  StartWithKeys({}, "Cache-Control: public, max-age=600\r\n");
  EXPECT_EQ(UntilHardCap(), absl::Minutes(10) + absl::Hours(1));
  EXPECT_LE(UntilFetch(), absl::Minutes(10) - absl::Seconds(30));
}

TEST_F(JwksSchedule, MaxAgeShortensItToNoLessThanAMinute) {
  for (const char* age : {"0", "1", "59"}) {
    StartWithKeys({}, absl::StrCat("Cache-Control: max-age=", age, "\r\n"));
    EXPECT_EQ(UntilHardCap(), absl::Minutes(1) + absl::Hours(1)) << age;
    EXPECT_EQ(UntilFetch(), absl::Seconds(30)) << age;
  }
}

TEST_F(JwksSchedule, MaxAgeDoesNotProlongTheHour) {
  for (const char* age : {"86400", "9223372036854775807", "99999999999999999999", "-1", "x"}) {
    StartWithKeys({}, absl::StrCat("Cache-Control: max-age=", age, "\r\n"));
    EXPECT_EQ(UntilHardCap(), absl::Hours(2)) << age;
  }
}

TEST_F(JwksSchedule, MaxAgeMayStandInAnyCacheControl) {
  for (const char* headers :
       {"Cache-Control: max-age=600\r\nCache-Control: public\r\n",
        "Cache-Control: public\r\nCache-Control: max-age=600\r\n", "cache-control: MAX-AGE=600 , must-revalidate\r\n",
        "Cache-Control: max-age=\"600\"\r\n", "Cache-Control: max-age=7200\r\nCache-Control: max-age=600\r\n",
        "Cache-Control: max-age=600, max-age=7200\r\n"}) {
    StartWithKeys({}, headers);
    EXPECT_EQ(UntilHardCap(), absl::Minutes(10) + absl::Hours(1)) << headers;
  }
}

TEST_F(JwksSchedule, AFailedFetchIsTriedAgainAfterARandomPartOfABoundThatDoubles) {
  JwksCache::Options options;
  options.lookup_burst = 1000;
  options.min_backoff = absl::Seconds(1000);
  options.max_backoff = absl::Seconds(4000);
  server_.Close();
  Start(options);
  int long_ones = 0;
  int short_ones = 0;
  for (int i = 0; i < 60; ++i) {
    LookUp(absl::StrCat("k", i));  // a fetch that fails
    const absl::Duration next = keys_->Status().next_fetch - absl::Now();
    EXPECT_LE(next, absl::Seconds(4000));
    long_ones += next > absl::Seconds(2000) ? 1 : 0;
    if (i >= 5) short_ones += next < absl::Seconds(1000) ? 1 : 0;  // the bound has doubled since
  }
  EXPECT_GT(long_ones, 0);
  EXPECT_GT(short_ones, 0);
}

TEST_F(JwksSchedule, ASuccessEndsTheDoubling) {
  JwksCache::Options options;
  options.lookup_burst = 1000;
  options.min_backoff = absl::Seconds(1000);
  options.max_backoff = absl::Seconds(1'000'000);
  for (int i = 0; i < 5; ++i) {
    StartWithKeys(options);
    server_.Close();
    for (int failure = 0; failure < 10; ++failure) LookUp("k");
    server_.Open();
    LookUp("k");
    server_.Close();
    LookUp("l");
    EXPECT_LE(keys_->Status().next_fetch - absl::Now(), absl::Seconds(1000));
    server_.Open();
  }
}

TEST_F(JwksSchedule, TheFirstFailureIsTriedAgainWithinASecond) {
  server_.Close();
  Start();
  while (keys_->Status().unreachable == 0) std::this_thread::yield();
  EXPECT_LE(keys_->Status().next_fetch - absl::Now(), absl::Seconds(2));
}

TEST_F(JwksSchedule, ARefreshUnderWayHoldsNobodyUp) {
  JwksCache::Options options;
  options.lifetime = absl::Milliseconds(10);
  StartWithKeys(options);
  server_.Hold();
  server_.AwaitRequests(server_.requests() + 1);
  testing::FixedClock clock(absl::FromUnixSeconds(testing::kNow));
  TokenVerifier verifier(testing::ExampleOptions(*keys_), clock);
  const Verdict verdict = testing::VerifyNow(verifier, key_.TokenOf(testing::GoodPayload(), "a"));
  EXPECT_TRUE(verdict.ok() && verdict->ok());
}

TEST_F(JwksSchedule, ARefreshNamesTheETagOfTheSetThatThereIs) {
  JwksCache::Options options;
  options.lifetime = absl::Milliseconds(10);
  server_.Serve(KeySetOf({NamedJwk(key_, "a")}), "\"v1\"");
  Start(options);
  while (keys_->Status().fetched + keys_->Status().not_modified < 4) std::this_thread::yield();
  EXPECT_EQ(keys_->Status().fetched, 1);
}

// An endpoint that fails where it is asked conditionally would fail for ever.
TEST_F(JwksSchedule, AfterAFailureTheWholeSetIsAskedFor) {
  JwksCache::Options options;
  options.lifetime = options.min_backoff = options.max_backoff = absl::Milliseconds(10);
  server_.Serve(KeySetOf({NamedJwk(key_, "a")}), "\"v1\"");
  Start(options);
  while (keys_->Status().not_modified == 0) std::this_thread::yield();
  EXPECT_THAT(server_.last_request(), ::testing::HasSubstr("If-None-Match: \"v1\""));
  server_.ServeRaw(testing::HttpResponse("500 Internal Server Error", ""));
  while (keys_->Status().bad_answers < 2) std::this_thread::yield();
  EXPECT_THAT(server_.last_request(), ::testing::Not(::testing::HasSubstr("If-None-Match")));
}

TEST_F(JwksSchedule, AnRsaKeyWithoutAlgorithmIsForTheConfiguredOne) {
  JwksCache::Options options;
  options.rsa_algorithm = Algorithm::kPs384;
  server_.Serve(KeySetOf({SigningKey("RS256").Jwk()}));
  Start(options);
  ASSERT_TRUE(keys_->WaitUntilUsable(absl::Seconds(30)).ok());
  EXPECT_EQ(keys_->Current()->keys()[0].public_key.algorithm(), Algorithm::kPs384);
}

// What was verified with it need not be verified again.
TEST_F(JwksSchedule, ASetThatSaysTheSameIsTheSame) {
  JwksCache::Options options;
  options.lifetime = absl::Milliseconds(10);
  StartWithKeys(options);
  const std::shared_ptr<const KeySet> first = keys_->Current();
  while (keys_->Status().fetched < 4) std::this_thread::yield();
  EXPECT_EQ(keys_->Current(), first);
}

TEST_F(JwksSchedule, ALookupIsAnsweredThoughItsFetchIsNot) {
  JwksCache::Options options;
  options.lookup_timeout = absl::Milliseconds(20);
  StartWithKeys(options);
  server_.Hold();
  EXPECT_EQ(LookUp("b"), KeySource::Lookup::kUnavailable);
}

TEST_F(JwksSchedule, LookupsAtOnceShareAFetchAndAllAreAnsweredByIt) {
  StartWithKeys();
  server_.Hold();
  std::vector<std::promise<KeySource::Lookup>> answers(50);
  for (size_t i = 0; i < answers.size(); ++i) {
    keys_->LookUp(absl::StrCat("made-up-", i),
                  [&answers, i](KeySource::Lookup lookup) { answers[i].set_value(lookup); });
  }
  server_.Release();
  for (auto& answer : answers) EXPECT_EQ(answer.get_future().get(), KeySource::Lookup::kCurrent);
  // One for the first, which may have begun before the others asked, and one for all of them.
  EXPECT_LE(server_.requests(), 1 + 2);
}

TEST_F(JwksSchedule, NoMoreLookupsWaitThanTheLimit) {
  JwksCache::Options options;
  options.max_waiting = 3;
  StartWithKeys(options);
  server_.Hold();
  std::vector<std::promise<KeySource::Lookup>> answers(5);
  for (size_t i = 0; i < answers.size(); ++i) {
    keys_->LookUp(absl::StrCat("made-up-", i),
                  [&answers, i](KeySource::Lookup lookup) { answers[i].set_value(lookup); });
  }
  // Answered though nothing was fetched.
  for (size_t i = 3; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].get_future().get(), KeySource::Lookup::kUnavailable);
  }
  server_.Release();
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(answers[i].get_future().get(), KeySource::Lookup::kCurrent);
}

// It may have been answered before the key was made.
TEST_F(JwksSchedule, AFetchThatWasUnderWayProvesNoKeyAbsent) {
  JwksCache::Options options;
  options.lookup_burst = 1;
  options.lookup_interval = absl::Hours(1);
  StartWithKeys(options);
  server_.Hold();
  std::promise<KeySource::Lookup> first, second;
  keys_->LookUp("first", [&first](KeySource::Lookup lookup) { first.set_value(lookup); });
  server_.AwaitRequests(2);
  keys_->LookUp("second", [&second](KeySource::Lookup lookup) { second.set_value(lookup); });
  server_.Release();
  EXPECT_EQ(first.get_future().get(), KeySource::Lookup::kCurrent);
  EXPECT_EQ(second.get_future().get(), KeySource::Lookup::kUnavailable);
}

TEST_F(JwksSchedule, AKeyThatAFetchUnderWayBringsNeedsNoOther) {
  StartWithKeys();
  server_.Hold();
  std::promise<KeySource::Lookup> first, second;
  keys_->LookUp("first", [&first](KeySource::Lookup lookup) { first.set_value(lookup); });
  server_.AwaitRequests(2);
  keys_->LookUp("second", [&second](KeySource::Lookup lookup) { second.set_value(lookup); });
  server_.Serve(KeySetOf({NamedJwk(key_, "second")}));
  server_.Release();
  EXPECT_EQ(second.get_future().get(), KeySource::Lookup::kCurrent);
  EXPECT_EQ(first.get_future().get(), KeySource::Lookup::kCurrent);
  EXPECT_EQ(server_.requests(), 2);
}

TEST_F(JwksSchedule, AnAbsentKeyIsForgottenInTheEnd) {
  JwksCache::Options options;
  options.lookup_burst = 1000;
  options.absent_for = absl::ZeroDuration();
  StartWithKeys(options);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(LookUp("made-up"), KeySource::Lookup::kCurrent);
  EXPECT_EQ(server_.requests(), 1 + 3);
}

TEST_F(JwksSchedule, NoMoreAbsentKeysAreRememberedThanTheLimit) {
  JwksCache::Options options;
  options.lookup_burst = 1000;
  options.max_absent = 2;
  StartWithKeys(options);
  for (const char* key_id : {"x", "y", "z"}) LookUp(key_id);
  EXPECT_EQ(server_.requests(), 1 + 3);
  for (int i = 0; i < 10; ++i) {
    LookUp("x");
    LookUp("y");
  }
  EXPECT_EQ(server_.requests(), 1 + 3);
  LookUp("z");
  EXPECT_EQ(server_.requests(), 1 + 4);
}

TEST_F(JwksSchedule, ALookupIsAnsweredAfterASuccessfulFetchWithoutACooldown) {
  StartWithKeys();
  const SigningKey next("EdDSA");
  server_.Serve(KeySetOf({NamedJwk(key_, "a"), NamedJwk(next, "b")}));
  EXPECT_EQ(LookUp("b"), KeySource::Lookup::kCurrent);
  EXPECT_NE(keys_->Current()->Find("b", Algorithm::kEdDsa), nullptr);
}

TEST_F(JwksSchedule, HasTheNumbersThatAreDocumented) {
  const JwksCache::Options cache;
  EXPECT_EQ(cache.lookup_timeout, absl::Seconds(2));
  EXPECT_EQ(cache.lookup_burst, 2);
  EXPECT_EQ(cache.lookup_interval, absl::Seconds(10));
  EXPECT_EQ(cache.max_waiting, 4096u);
  EXPECT_EQ(cache.absent_for, absl::Seconds(30));
  EXPECT_EQ(cache.max_absent, 1024u);
  EXPECT_EQ(cache.min_backoff, absl::Seconds(1));
  EXPECT_EQ(cache.max_backoff, absl::Seconds(60));
  EXPECT_EQ(cache.max_keys, 32u);
  const JwksFetcher::Options fetch;
  EXPECT_EQ(fetch.connect_timeout, absl::Seconds(1));
  EXPECT_EQ(fetch.total_timeout, absl::Seconds(5));
  EXPECT_EQ(fetch.max_body_bytes, 256u * 1024);
}

}  // namespace
}  // namespace verifier
