#include "services/verifier/jwks_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using ::testing::HasSubstr;
using testing::JwksServer;
using testing::KeySetOf;
using testing::SigningKey;

constexpr absl::Duration kLong = absl::Seconds(30);

// One key under two names: what a key is does not matter here.
std::string KeyNamed(std::string_view key_id) {
  static const auto* const key = new SigningKey("EdDSA");
  return key->Jwk(absl::StrCat(R"(,"kid":")", absl::string_view(key_id.data(), key_id.size()), "\""));
}

std::unique_ptr<JwksCache> CacheOf(const JwksServer& server, JwksCache::Options options = {}) {
  options.min_backoff = options.max_backoff = absl::Milliseconds(5);
  return std::make_unique<JwksCache>(options, JwksFetcher::Options{.url = server.url()}, common::Logger::Silent());
}

KeySource::Lookup LookUp(JwksCache& cache, const std::string& key_id) {
  std::promise<KeySource::Lookup> answer;
  cache.LookUp(key_id, [&answer](KeySource::Lookup lookup) { answer.set_value(lookup); });
  return answer.get_future().get();
}

TEST(JwksCache, SaysWhyThereIsNoKey) {
  struct Row {
    const char* what;
    std::string response;
    const char* message;
  };
  const auto ok = [](const std::string& body) {
    return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\nConnection: close\r\n\r\n", body);
  };
  const std::vector<Row> table = {
      {"empty set", ok(R"({"keys":[]})"), "JWKS endpoint returned no keys"},
      {"no usable key", ok(R"({"keys":[{"kty":"oct"}]})"), "no keys that can be used"},
      {"garbage", ok("garbage"), "is not valid JSON"},
      {"empty body", ok(""), "is empty"},
      {"HTML", ok("<html><body>Sign in</body></html>"), "is not valid JSON"},
      {"10 MB", ok(std::string(10 << 20, ' ')), "larger than"},
      {"not found", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "status is 404"},
      {"redirect", "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
       "status is 302"},
      {"not modified at first", "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n", "304"},
      {"closed", "", "unreachable"},
  };
  for (const Row& row : table) {
    JwksServer server;
    server.ServeRaw(row.response);
    const auto cache = CacheOf(server);
    server.AwaitRequests(2);  // so the first has been judged
    const absl::Status status = cache->WaitUntilUsable(absl::Milliseconds(1));
    EXPECT_FALSE(status.ok()) << row.what;
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.message)) << row.what;
    EXPECT_EQ(cache->Current(), nullptr) << row.what;
  }
}

TEST(JwksCache, RetriesUntilThereIsAKey) {
  JwksServer server;
  server.Serve(R"({"keys":[]})");
  const auto cache = CacheOf(server);
  server.AwaitRequests(3);
  server.Serve(KeySetOf({KeyNamed("a")}));
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  EXPECT_EQ(cache->Current()->keys().size(), 1u);
}

TEST(JwksCache, KeepsTheLastGoodSetWhateverComesAfterIt) {
  for (const char* bad : {"garbage", "", R"({"keys":[]})", "<html></html>"}) {
    JwksServer server;
    server.Serve(KeySetOf({KeyNamed("a")}));
    JwksCache::Options options;
    options.lifetime = absl::Milliseconds(20);
    const auto cache = CacheOf(server, options);
    ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
    server.Serve(bad);
    server.AwaitRequests(server.requests() + 3);
    ASSERT_NE(cache->Current(), nullptr) << bad;
    EXPECT_EQ(cache->Current()->keys().size(), 1u) << bad;
  }
}

TEST(JwksCache, GivesNoKeysAfterTheHardCap) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a")}));
  JwksCache::Options options;
  options.lifetime = absl::Milliseconds(20);
  options.grace = absl::Milliseconds(20);
  const auto cache = CacheOf(server, options);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  server.ServeRaw("");
  while (cache->Current() != nullptr) std::this_thread::yield();
  // Recovers by itself.
  server.Serve(KeySetOf({KeyNamed("a")}));
  EXPECT_TRUE(cache->WaitUntilUsable(kLong).ok());
}

TEST(JwksCache, RefreshesConditionally) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a")}), "\"v1\"");
  JwksCache::Options options;
  options.lifetime = absl::Milliseconds(20);
  const auto cache = CacheOf(server, options);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  const std::shared_ptr<const KeySet> first = cache->Current();
  server.AwaitRequests(server.requests() + 3);
  EXPECT_EQ(cache->Current(), first);
}

TEST(JwksCache, DropsARevokedKeyWithTheNextRefresh) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a"), KeyNamed("b")}));
  JwksCache::Options options;
  options.lifetime = absl::Milliseconds(20);
  const auto cache = CacheOf(server, options);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  server.Serve(KeySetOf({KeyNamed("b")}));
  server.AwaitRequests(server.requests() + 2);
  EXPECT_EQ(cache->Current()->Find("a", Algorithm::kEdDsa), nullptr);
  EXPECT_NE(cache->Current()->Find("b", Algorithm::kEdDsa), nullptr);
}

TEST(JwksCache, FindsAKeyThatHasJustAppearedInsideTheLookup) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a")}));
  const auto cache = CacheOf(server);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  server.Serve(KeySetOf({KeyNamed("a"), KeyNamed("b")}));
  EXPECT_EQ(LookUp(*cache, "b"), KeySource::Lookup::kCurrent);
  EXPECT_NE(cache->Current()->Find("b", Algorithm::kEdDsa), nullptr);
}

TEST(JwksCache, SharesOneFetchBetweenLookupsAtOnce) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a")}));
  const auto cache = CacheOf(server);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  server.Hold();
  std::vector<std::promise<KeySource::Lookup>> answers(50);
  for (size_t i = 0; i < answers.size(); ++i) {
    cache->LookUp(absl::StrCat("made-up-", i),
                  [&answers, i](KeySource::Lookup lookup) { answers[i].set_value(lookup); });
  }
  server.AwaitRequests(2);
  server.Release();
  for (auto& answer : answers) answer.get_future().get();
  EXPECT_LE(server.requests(), 3);
}

TEST(JwksCache, BoundsTheFetchesThatMadeUpKeysCause) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a")}));
  const auto cache = CacheOf(server);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  int absent = 0;
  int unavailable = 0;
  for (int i = 0; i < 10000; ++i) {
    (LookUp(*cache, absl::StrCat("made-up-", i)) == KeySource::Lookup::kCurrent ? absent : unavailable) += 1;
  }
  EXPECT_EQ(absent, server.requests() - 1);
  EXPECT_LE(server.requests(), 1 + 2 + 2);  // the first, the burst, and room for a slow machine
  EXPECT_EQ(absent + unavailable, 10000);
  EXPECT_NE(cache->Current()->Find("a", Algorithm::kEdDsa), nullptr);
}

TEST(JwksCache, RemembersAnAbsentKeyWithoutFetchingAgain) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a")}));
  const auto cache = CacheOf(server);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(LookUp(*cache, "made-up"), KeySource::Lookup::kCurrent);
  EXPECT_EQ(server.requests(), 2);
}

TEST(JwksCache, AnswersUnavailableWhereTheFetchFails) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a")}));
  const auto cache = CacheOf(server);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  server.ServeRaw("");
  EXPECT_EQ(LookUp(*cache, "b"), KeySource::Lookup::kUnavailable);
  EXPECT_NE(cache->Current(), nullptr);
}

TEST(JwksCache, AnswersWithinTheTimeoutWhereTheEndpointHangs) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a")}));
  JwksCache::Options options;
  options.lookup_timeout = absl::Milliseconds(20);
  const auto cache = CacheOf(server, options);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  server.Hold();
  EXPECT_EQ(LookUp(*cache, "b"), KeySource::Lookup::kUnavailable);
  server.Release();
}

TEST(JwksCache, AnswersLookupsUnderWayWhenItIsDestroyed) {
  JwksServer server;
  server.Serve(KeySetOf({KeyNamed("a")}));
  auto cache = CacheOf(server);
  ASSERT_TRUE(cache->WaitUntilUsable(kLong).ok());
  server.Hold();
  std::promise<KeySource::Lookup> answer;
  cache->LookUp("b", [&answer](KeySource::Lookup lookup) { answer.set_value(lookup); });
  server.AwaitRequests(2);
  cache = nullptr;
  EXPECT_EQ(answer.get_future().get(), KeySource::Lookup::kUnavailable);
}

}  // namespace
}  // namespace verifier
