// What of a browser's session reaches the upstream, and what a page of another origin may do with it.
#include "tests/integration/gateway/gateway_fixture.h"

namespace gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kBook[] = "/v1/shelves/s/books/b";
constexpr char kBrowser[] =
    "Origin: https://app.example\r\nCookie: theme=dark; better-auth.session_token=s3; better-auth.session_data=d\r\n";
constexpr char kPreflight[] = "Origin: https://app.example\r\nAccess-Control-Request-Method: GET\r\n";
constexpr char kCredentials[] = "access-control-allow-credentials";

class SessionMode : public GatewayFixture {
 protected:
  HandlerOptions handler_options() const override {
    return {*CorsPolicy::Create({"https://app.example"}, /*allows_credentials=*/true), {.jwt = true, .session = true}};
  }
};

class JwtMode : public GatewayFixture {};

TEST_F(SessionMode, PassesTheSessionCookieAndTheOrigin) {
  const HttpAnswer answer = Fetch(port(), "GET", kBook, "", kBrowser);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("cookie":"better-auth.session_token=s3")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("origin":"https://app.example")"));
  EXPECT_THAT(answer.body, Not(HasSubstr("theme")));
  EXPECT_EQ(answer.headers.at(kCredentials), "true");
}

TEST_F(SessionMode, LetsAllowedOriginsSendCookies) {
  EXPECT_EQ(Fetch(port(), "OPTIONS", kBook, "", kPreflight).headers.at(kCredentials), "true");
  EXPECT_EQ(Fetch(port(), "GET", "/nope", "", "Origin: https://app.example\r\n").headers.at(kCredentials), "true");
  EXPECT_EQ(Fetch(port(), "GET", kBook, "", "Origin: https://evil.example\r\n").headers.count(kCredentials), 0u);
  EXPECT_EQ(Fetch(port(), "GET", kBook).headers.count(kCredentials), 0u);
}

TEST_F(SessionMode, RefusesASessionGivenTwice) {
  const HttpAnswer answer =
      Fetch(port(), "GET", kBook, "", "Cookie: better-auth.session_token=a\r\nCookie: better-auth.session_token=b\r\n");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, Not(HasSubstr("session_token")));
}

TEST_F(SessionMode, CannotBeGivenACookieAsMetadata) {
  const HttpAnswer answer = Fetch(port(), "GET", kBook, "",
                                  "Grpc-Metadata-Cookie: better-auth.session_token=x\r\nGrpc-Metadata-Origin: y\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, Not(HasSubstr("session_token")));
  EXPECT_THAT(answer.body, Not(HasSubstr("origin")));
}

TEST_F(JwtMode, PassesNeitherCookieNorOrigin) {
  const HttpAnswer answer = Fetch(port(), "GET", kBook, "", kBrowser);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, Not(HasSubstr("session_token")));
  EXPECT_THAT(answer.body, Not(HasSubstr("origin")));
  EXPECT_EQ(answer.headers.count(kCredentials), 0u);
  EXPECT_EQ(Fetch(port(), "OPTIONS", kBook, "", kPreflight).headers.count(kCredentials), 0u);
}

}  // namespace
}  // namespace gateway
