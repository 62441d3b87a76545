// The forward-auth port as a reverse proxy, and whoever else reaches it, speaks to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/core/clock.h"
#include "common/http/server.h"
#include "services/verifier/forward_auth_answers.h"
#include "services/verifier/forward_auth_handler.h"
#include "tests/support/gateway/raw_http_client.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using gateway_testing::Fetch;
using gateway_testing::HttpAnswer;
using gateway_testing::RawHttpClient;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using verifier::testing::KeySetOf;
using verifier::testing::SigningKey;

constexpr char kIssuer[] = "https://auth.example.com";
constexpr char kBareChallenge[] = R"(Bearer realm="protected")";

TEST(SubjectForHeader, KeepsVisibleAsciiAndEncodesTheRest) {
  EXPECT_EQ(*SubjectForHeader("auth0|user@example.com:1,2"), "auth0|user@example.com:1,2");
  EXPECT_EQ(*SubjectForHeader(std::string_view("a b\r\n\0\x7f%\xc3\xa9", 10)), "a%20b%0D%0A%00%7F%25%C3%A9");
}

TEST(SubjectForHeader, KeepsDifferentSubjectsDifferent) { EXPECT_NE(*SubjectForHeader("%41"), *SubjectForHeader("A")); }

TEST(SubjectForHeader, RefusesWhatProxiesWouldCutOff) {
  EXPECT_TRUE(SubjectForHeader(std::string(1024, 'a')).ok());
  EXPECT_FALSE(SubjectForHeader(std::string(1025, 'a')).ok());
  EXPECT_FALSE(SubjectForHeader(std::string(342, ' ')).ok());
}

// A key source whose lookups fail, as those of an issuer that is down.
class KeySourceWithoutLookups : public KeySource {
 public:
  explicit KeySourceWithoutLookups(const std::string& jwks)
      : keys_(std::make_shared<const KeySet>(*KeySet::Parse(jwks, 32))) {}

  std::shared_ptr<const KeySet> Current() const override { return keys_; }
  void LookUp(const std::string&, Callback done) override { done(Lookup::kUnavailable); }

 private:
  std::shared_ptr<const KeySet> keys_;
};

class ForwardAuth : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = http::Server::Start({}, handler_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  HttpAnswer Ask(std::string_view headers, std::string_view method = "GET", std::string_view target = "/",
                 std::string_view body = "") {
    return Fetch(server_->port(), method, target, body, headers);
  }
  std::string Token(std::string_view subject = "ada", int64_t expires_in = 900, std::string_view key_id = "one") const {
    return key_.TokenOf(absl::StrCat(R"({"iss":")", kIssuer, R"(","aud":")", kIssuer, R"(","sub":")",
                                     absl::string_view(subject.data(), subject.size()), R"(","exp":)",
                                     absl::ToUnixSeconds(absl::Now()) + expires_in, "}"),
                        key_id);
  }
  static std::string Bearer(std::string_view token) {
    return absl::StrCat("Authorization: Bearer ", absl::string_view(token.data(), token.size()), "\r\n");
  }

  const SigningKey key_{"EdDSA"};
  KeySourceWithoutLookups keys_{KeySetOf({key_.Jwk(R"(,"kid":"one")")})};
  const common::SystemClock clock_;
  TokenVerifier verifier_{{.issuers = {{*ClaimsPolicy::Create({.issuers = {kIssuer}, .audiences = {kIssuer}}), keys_}}},
                          clock_};
  const CredentialVerifier credential_verifier_{&verifier_, nullptr};
  auth::ValidationMetrics metrics_;
  ForwardAuthHandler handler_{credential_verifier_, metrics_, common::Logger::Silent()};
  std::unique_ptr<http::Server> server_;
};

TEST_F(ForwardAuth, ChallengesWhoSentNoBearerToken) {
  for (const std::string_view headers :
       {"", "Authorization: Basic YTpi\r\n", "Authorization: Bearer\r\n", "Authorization:\r\n", "Cookie: a=b\r\n"}) {
    const HttpAnswer answer = Ask(headers);
    EXPECT_EQ(answer.status, 401) << headers;
    EXPECT_EQ(answer.headers.at("www-authenticate"), kBareChallenge) << headers;
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.headers.count("x-auth-subject"), 0u);
  }
}

TEST_F(ForwardAuth, RefusesWhatHasMoreThanOneReading) {
  const std::string good = Bearer(Token());
  for (const std::string& headers :
       {good + good, good + "Authorization: Basic YTpi\r\n", "Authorization: Bearer " + Token() + " x\r\n"}) {
    const HttpAnswer answer = Ask(headers);
    EXPECT_EQ(answer.status, 401) << headers;
    EXPECT_THAT(answer.headers.at("www-authenticate"), HasSubstr(R"(error="invalid_request")"));
  }
}

TEST_F(ForwardAuth, SaysWhichRuleABadTokenFailed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {Token("ada", -120), "expired"},
      {SigningKey("EdDSA").TokenOf("{}", "one"), "signature"},
      {"hello", "no JWT"},
      {std::string(8193, 'a'), "longer than 8192 bytes"},
      {"\"\\\x80", "no JWT"},
  };
  for (const auto& [token, description] : cases) {
    const HttpAnswer answer = Ask(Bearer(token));
    EXPECT_EQ(answer.status, 401) << description;
    const std::string& challenge = answer.headers.at("www-authenticate");
    EXPECT_THAT(challenge, StartsWith(R"(Bearer realm="protected", error="invalid_token", error_description=")"));
    EXPECT_THAT(challenge, HasSubstr(description));
    EXPECT_THAT(answer.body, Not(HasSubstr(token)));
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  }
}

TEST_F(ForwardAuth, ReadsNoTokenFromTheQuery) {
  EXPECT_EQ(Ask("X-Original-URI: /?access_token=" + Token() + "\r\n", "GET", "/?access_token=" + Token()).status, 401);
}

TEST_F(ForwardAuth, NeverRejectsForAnOutage) {
  const HttpAnswer answer = Ask(Bearer(Token("ada", 900, "two")));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.at("retry-after"), "1");
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  EXPECT_EQ(answer.headers.count("www-authenticate"), 0u);
}

TEST_F(ForwardAuth, ForbidsASubjectThatNoHeaderCarries) {
  const HttpAnswer answer = Ask(Bearer(Token(std::string(1025, 'a'))));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.headers.count("x-auth-subject"), 0u);
}

TEST_F(ForwardAuth, LimitsTheBody) {
  EXPECT_EQ(Ask(Bearer(Token()), "POST", "/", std::string(64 * 1024 + 1, 'a')).status, 413);
}

TEST_F(ForwardAuth, PassesAGoodTokenWhateverTheRequest) {
  for (const std::string_view method : {"GET", "POST", "PUT", "DELETE", "PROPFIND", "OPTIONS"}) {
    const HttpAnswer answer = Ask(
        absl::StrCat(Bearer(Token()), "X-Original-URI: /a%2fb?c\r\nX-Forwarded-Method: PUT\r\nX-Auth-Subject: eve\r\n"),
        method, "/anything?at=all", method == "POST" ? "a body" : "");
    EXPECT_EQ(answer.status, 200) << method;
    EXPECT_EQ(answer.headers.at("x-auth-subject"), "ada");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.body, "");
  }
  EXPECT_EQ(Ask("authorization: bEARER " + Token() + "\r\n").status, 200);
}

TEST_F(ForwardAuth, TakesNoCookieWhereOnlyTokensAreTaken) {
  const HttpAnswer answer = Ask("Cookie: better-auth.session_token=a\r\nOrigin: https://auth.example.com\r\n");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.headers.at("www-authenticate"), kBareChallenge);
  EXPECT_EQ(Ask(Bearer(Token()) + "Cookie: a=b\r\nCookie: c=d\r\n").status, 200);
}

// With AUTH_MODE=session: Better Auth is asked about each session.
class ForwardAuthOfSessions : public ::testing::Test {
 protected:
  void SetUp() override {
    better_auth_.Serve(R"({"session":{"expiresAt":"2096-10-02T07:06:40.000Z"},"user":{"id":"ada"}})");
    auto server = http::Server::Start({}, handler_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  HttpAnswer Ask(std::string_view headers) { return Fetch(server_->port(), "GET", "/", "", headers); }

  verifier::testing::JwksServer better_auth_;
  const common::SystemClock clock_;
  SessionClient client_{{.url = better_auth_.url()}};
  SessionVerifier sessions_{{.issuer = kIssuer, .allowed_origins = {"https://app.example.com"}}, client_, clock_};
  const CredentialVerifier verifier_{nullptr, &sessions_};
  auth::ValidationMetrics metrics_;
  ForwardAuthHandler handler_{verifier_, metrics_, common::Logger::Silent()};
  std::unique_ptr<http::Server> server_;
};

constexpr std::string_view kCookie = "Cookie: theme=dark; better-auth.session_token=abc.def\r\n";

TEST_F(ForwardAuthOfSessions, RefusesACookieFromAnOriginThatIsNotAllowed) {
  for (const std::string_view origin : {"", "Origin: https://evil.test\r\n", "Origin: null\r\n"}) {
    EXPECT_EQ(Ask(absl::StrCat(absl::string_view(kCookie.data(), kCookie.size()),
                               absl::string_view(origin.data(), origin.size())))
                  .status,
              403)
        << origin;
  }
  EXPECT_EQ(better_auth_.requests(), 0);
}

TEST_F(ForwardAuthOfSessions, RefusesWhatHasMoreThanOneReading) {
  const std::string cookie(kCookie);
  const std::string origin = "Origin: https://app.example.com\r\n";
  EXPECT_EQ(Ask(cookie + cookie + origin).status, 401);
  EXPECT_EQ(Ask(cookie + origin + "Origin: https://evil.test\r\n").status, 401);
  EXPECT_EQ(better_auth_.requests(), 0);
}

TEST_F(ForwardAuthOfSessions, PassesACookieOrABearerOfALiveSession) {
  const std::string cookie(kCookie);
  for (const std::string& headers :
       {cookie + "Origin: https://app.example.com\r\n", std::string("Authorization: Bearer abc\r\n")}) {
    const HttpAnswer answer = Ask(headers);
    EXPECT_EQ(answer.status, 200) << headers << answer.body;
    EXPECT_EQ(answer.headers.at("x-auth-subject"), "ada");
  }
}

TEST_F(ForwardAuthOfSessions, SaysThatASessionHasEnded) {
  better_auth_.Serve("null");
  const HttpAnswer answer = Ask("Authorization: Bearer abc\r\n");
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(answer.headers.at("www-authenticate"), HasSubstr(R"(error="invalid_token")"));
}

TEST_F(ForwardAuthOfSessions, NeverRejectsWhileBetterAuthIsAway) {
  better_auth_.ServeRaw("");
  EXPECT_EQ(Ask("Authorization: Bearer abc\r\n").status, 503);
}

TEST_F(ForwardAuth, AnswersHead) {
  RawHttpClient client(server_->port());
  client.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Read(/*has_body=*/false)->status, 401);
  client.Send("HEAD / HTTP/1.1\r\nHost: a\r\n" + Bearer(Token()) + "\r\n");
  EXPECT_EQ(client.Read(/*has_body=*/false)->status, 200);
}

}  // namespace
}  // namespace verifier
