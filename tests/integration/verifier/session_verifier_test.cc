// Sessions, asked about over HTTP at a server that answers what it is told.
#include "services/verifier/session_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "absl/strings/str_cat.h"
#include "services/verifier/credential_verifier.h"
#include "tests/support/verifier/jwks_server.h"

namespace verifier {
namespace {

using ::testing::HasSubstr;
using testing::JwksServer;
using ::testing::Not;

constexpr char kOrigin[] = "https://app.example.com";
constexpr char kSession[] = R"({"session":{"id":"s","expiresAt":"2027-01-15T08:30:00.000Z","token":"opaque"},)"
                            R"("user":{"id":"ada","email":"ada@example.com","name":"Ada","emailVerified":false}})";

class SettableClock : public common::Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixSeconds(seconds); }
  std::atomic<int64_t> seconds = 1'800'000'000;  // 2027-01-15T08:00:00Z
};

std::string WordFor(const Verdict& verdict) {
  if (!verdict.ok()) return absl::IsUnavailable(verdict.status()) ? "UNAVAILABLE" : "?";
  if (verdict->ok()) return (**verdict).claims().subject();
  return auth::v1::RejectionReason_Name(verdict->rejection().reason).substr(sizeof "REJECTION_REASON");
}

class SessionVerifierTest : public ::testing::Test {
 protected:
  std::string Verify(const auth::Credential& credential) {
    std::promise<std::string> word;
    verifier_.Verify(credential, [&word](const Verdict& verdict) { word.set_value(WordFor(verdict)); });
    return word.get_future().get();
  }
  std::string VerifyCookie(std::string_view cookie, std::string_view origin = kOrigin) {
    return Verify({.cookie = cookie, .origin = origin});
  }

  JwksServer better_auth_;
  SettableClock clock_;
  SessionClient client_{{.url = better_auth_.url()}};
  SessionVerifier sessions_{{.issuer = "https://auth.example.com", .allowed_origins = {kOrigin}}, client_, clock_};
  const CredentialVerifier verifier_{nullptr, &sessions_};
};

TEST_F(SessionVerifierTest, RejectsWhatIsNoSessionWithoutAsking) {
  EXPECT_EQ(Verify({}), "MISSING_CREDENTIAL");
  EXPECT_EQ(Verify({.token = "a.b.c"}), "MISSING_CREDENTIAL") << "a JWT";
  EXPECT_EQ(VerifyCookie("theme=dark; better-auth.session_data=x"), "MISSING_CREDENTIAL");
  EXPECT_EQ(VerifyCookie("xbetter-auth.session_token=x"), "MISSING_CREDENTIAL");
  EXPECT_EQ(VerifyCookie("better-auth.session_token=a; better-auth.session_token=b"), "MALFORMED");
  EXPECT_EQ(VerifyCookie("better-auth.session_token=a\r\nX-Admin: 1"), "MALFORMED");
  EXPECT_EQ(VerifyCookie("better-auth.session_token=\xff"), "MALFORMED");
  EXPECT_EQ(Verify({.token = "a\r\nX-Admin: 1"}), "MALFORMED");
  EXPECT_EQ(Verify({.token = std::string(9000, 'a')}), "TOO_LARGE");
  EXPECT_EQ(VerifyCookie("better-auth.session_token=" + std::string(9000, 'a')), "TOO_LARGE");
  EXPECT_EQ(better_auth_.requests(), 0);
}

TEST_F(SessionVerifierTest, TakesACookieFromAnAllowedOriginAlone) {
  better_auth_.Serve(kSession);
  for (const char* origin : {"", "null", "https://evil.example", "https://app.example.com.evil.example",
                             "https://app.example.com/", "http://app.example.com", "HTTPS://APP.EXAMPLE.COM"}) {
    EXPECT_EQ(VerifyCookie("better-auth.session_token=opaque", origin), "ORIGIN_NOT_ALLOWED") << origin;
  }
  EXPECT_EQ(better_auth_.requests(), 0);
  EXPECT_EQ(VerifyCookie("better-auth.session_token=opaque"), "ada");
}

TEST_F(SessionVerifierTest, NeverRejectsForAnOutageOrAnAnswerThatIsNone) {
  const auto ok = [](std::string body) {
    return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\nConnection: close\r\n\r\n", body);
  };
  const std::vector<std::string> table = {
      "",
      "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      ok(""),
      ok("<html>sign in</html>"),
      ok("{}"),
      ok(R"({"session":{"expiresAt":"2027-01-15T08:30:00Z"},"user":{"id":""}})"),
      ok(R"({"session":{"expiresAt":"soon"},"user":{"id":"ada"}})"),
      ok(R"({"session":{"expiresAt":1},"user":{"id":1}})"),
      ok(std::string(1 << 20, ' ')),
  };
  for (const std::string& response : table) {
    better_auth_.ServeRaw(response);
    EXPECT_EQ(Verify({.token = "opaque"}), "UNAVAILABLE") << response.substr(0, 80);
  }
}

TEST_F(SessionVerifierTest, RejectsASessionThatBetterAuthDoesNotKnowAndAsksAgain) {
  better_auth_.Serve("null");
  EXPECT_EQ(Verify({.token = "opaque"}), "INVALID_SESSION");
  EXPECT_EQ(Verify({.token = "opaque"}), "INVALID_SESSION");
  EXPECT_EQ(better_auth_.requests(), 2);
}

TEST_F(SessionVerifierTest, ShowsBetterAuthTheSessionAndNothingElse) {
  better_auth_.Serve(kSession);
  ASSERT_EQ(VerifyCookie("theme=dark; __Secure-better-auth.session_token=opaque.sig%3D; tracking=1"), "ada");
  EXPECT_THAT(better_auth_.last_request(),
              HasSubstr("\r\nCookie: __Secure-better-auth.session_token=opaque.sig%3D\r\n"));
  EXPECT_THAT(better_auth_.last_request(), Not(HasSubstr("tracking")));
  ASSERT_EQ(Verify({.token = "opaque"}), "ada");
  EXPECT_THAT(better_auth_.last_request(), HasSubstr("\r\nAuthorization: Bearer opaque\r\n"));
}

TEST_F(SessionVerifierTest, BelievesASessionForTenSeconds) {
  better_auth_.Serve(kSession);
  ASSERT_EQ(Verify({.token = "opaque"}), "ada");
  clock_.seconds += 9;
  ASSERT_EQ(Verify({.token = "opaque"}), "ada");
  EXPECT_EQ(better_auth_.requests(), 1);
  clock_.seconds += 1;
  better_auth_.Serve("null");
  EXPECT_EQ(Verify({.token = "opaque"}), "INVALID_SESSION");
  EXPECT_EQ(better_auth_.requests(), 2);
}

TEST_F(SessionVerifierTest, NeverBelievesASessionPastItsEnd) {
  clock_.seconds += 1795;
  better_auth_.Serve(kSession);
  ASSERT_EQ(Verify({.token = "opaque"}), "ada");
  clock_.seconds += 5;
  EXPECT_EQ(Verify({.token = "opaque"}), "INVALID_SESSION");
}

TEST_F(SessionVerifierTest, AsksAgainWhereTheClockWasSetBack) {
  better_auth_.Serve(kSession);
  ASSERT_EQ(Verify({.token = "opaque"}), "ada");
  clock_.seconds -= 3600;
  ASSERT_EQ(Verify({.token = "opaque"}), "ada");
  EXPECT_EQ(better_auth_.requests(), 2);
}

TEST_F(SessionVerifierTest, TellsCallersNotToKeepIt) {
  better_auth_.Serve(kSession);
  std::promise<Verdict> promise;
  verifier_.Verify({.token = "opaque"}, [&promise](const Verdict& verdict) { promise.set_value(verdict); });
  const Verdict verdict = promise.get_future().get();
  ASSERT_TRUE(verdict.ok() && verdict->ok());
  EXPECT_EQ((**verdict).cache_for(), absl::ZeroDuration());
  EXPECT_EQ((**verdict).claims().issuer(), "https://auth.example.com");
  EXPECT_EQ((**verdict).claims().email(), "ada@example.com");
  EXPECT_EQ((**verdict).claims().expire_time().seconds(), 1'800'001'800);
}

TEST_F(SessionVerifierTest, AsksOnceForASessionThatManyShowAtOnce) {
  better_auth_.Serve(kSession);
  better_auth_.Hold();
  std::vector<std::promise<std::string>> words(20);
  for (auto& word : words) {
    verifier_.Verify({.token = "opaque"}, [&word](const Verdict& verdict) { word.set_value(WordFor(verdict)); });
  }
  better_auth_.AwaitRequests(1);
  better_auth_.Release();
  for (auto& word : words) EXPECT_EQ(word.get_future().get(), "ada");
  EXPECT_EQ(better_auth_.requests(), 1);
}

TEST_F(SessionVerifierTest, ShedsWhatIsMoreThanItCanWaitFor) {
  better_auth_.Serve(kSession);
  better_auth_.Hold();
  SessionClient client({.url = better_auth_.url(), .max_waiting = 1});
  std::promise<SessionClient::Answer> first;
  client.Ask("Authorization: Bearer a", [&first](SessionClient::Answer answer) { first.set_value(std::move(answer)); });
  SessionClient::Answer second;
  client.Ask("Authorization: Bearer b", [&second](SessionClient::Answer answer) { second = std::move(answer); });
  EXPECT_TRUE(absl::IsUnavailable(second.status()));
  better_auth_.Release();
  EXPECT_TRUE(first.get_future().get().ok());
}

TEST_F(SessionVerifierTest, WithoutSessionModeASessionIsRejected) {
  SettableClock clock;
  TokenVerifier tokens({.issuers = {}}, clock);
  const CredentialVerifier verifier(&tokens, nullptr);
  std::string word;
  verifier.Verify({.cookie = "better-auth.session_token=a", .origin = kOrigin},
                  [&word](const Verdict& verdict) { word = WordFor(verdict); });
  EXPECT_EQ(word, "MISSING_CREDENTIAL");
  verifier.Verify({.token = "opaque.sig"}, [&word](const Verdict& verdict) { word = WordFor(verdict); });
  EXPECT_EQ(word, "NOT_A_JWT");
}

}  // namespace
}  // namespace verifier
