#include "common/json/json_document.h"
#include "tests/integration/gateway/gateway_fixture.h"

namespace gateway {
namespace {

using testing::HasSubstr;

class Errors : public GatewayFixture {
 protected:
  // Checks that the answer is a problem of this kind.
  static void ExpectProblem(const HttpAnswer& answer, int status, std::string_view error_code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    EXPECT_THAT(answer.body, HasSubstr("\"error_code\":\"" + std::string(error_code) + "\""));
    EXPECT_THAT(answer.body, HasSubstr("\"request_id\":\"" + answer.headers.at("x-request-id") + "\""));
    EXPECT_TRUE(json::Document::Parse(answer.body).ok());
  }

  HttpAnswer FailWith(int code, std::string_view more = "") {
    return Fetch(port(), "POST", "/v1/fail",
                 R"({"status_code":)" + std::to_string(code) + R"(,"message":"words")" + std::string(more) + "}");
  }
};

TEST_F(Errors, OfTheGatewayItself) {
  ExpectProblem(Fetch(port(), "GET", "/nope"), 404, "ROUTE_NOT_FOUND");
  ExpectProblem(Fetch(port(), "GET", "/gateway_testing.v1.ShelfService/Hidden"), 404, "ROUTE_NOT_FOUND");
  ExpectProblem(Fetch(port(), "GET", "/v1/shelves/%zz/books/b"), 400, "MALFORMED_REQUEST");
  const HttpAnswer not_allowed = Fetch(port(), "PUT", "/v1/shelves/s/books/b");
  ExpectProblem(not_allowed, 405, "METHOD_NOT_ALLOWED");
  EXPECT_EQ(not_allowed.headers.at("allow"), "DELETE, GET, HEAD, OPTIONS, PATCH");
  ExpectProblem(
      Fetch(port(), "POST", "/v1/shelves/s/books", "a=b", "Content-Type: application/x-www-form-urlencoded\r\n"), 415,
      "UNSUPPORTED_MEDIA_TYPE");
  ExpectProblem(Fetch(port(), "GET", "/v1/shelves/s/books/b", "", "Accept: text/html\r\n"), 406, "NOT_ACCEPTABLE");
  ExpectProblem(Fetch(port(), "GET", "/v1/watch"), 501, "NOT_IMPLEMENTED");
  ExpectProblem(Fetch(port(), "POST", "/v1/upload", "{}"), 501, "NOT_IMPLEMENTED");
  ExpectProblem(
      Fetch(port(), "GET", "/v1/shelves/s/books/b", "", "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400,
      "INVALID_HEADER_FORMAT");
  ExpectProblem(
      Fetch(port(), "GET", "/v1/shelves/s/books/b", "", "Authorization: Bearer " + std::string(8300, 'a') + "\r\n"),
      431, "HEADERS_TOO_LARGE");
  ExpectProblem(Fetch(port(), "GET", "/v1/shelves/s/books/b", "", "Grpc-Timeout: soon\r\n"), 400, "MALFORMED_REQUEST");
  ExpectProblem(Fetch(port(), "POST", "/health", "{}"), 405, "METHOD_NOT_ALLOWED");
}

TEST_F(Errors, NameTheFieldThatIsMalformed) {
  const HttpAnswer answer = Fetch(port(), "POST", "/v1/shelves/s/books", R"({"inner":{"number":"x"}})");
  ExpectProblem(answer, 400, "MALFORMED_REQUEST");
  EXPECT_THAT(answer.body, HasSubstr(R"("errors":[{"field":"inner.number","message":"must be a whole number"}])"));
  EXPECT_THAT(Fetch(port(), "GET", "/v1/shelves/s/books/b?token=x").body, HasSubstr(R"("field":"token")"));
}

TEST_F(Errors, OfTheUpstreamKeepTheirReason) {
  ExpectProblem(FailWith(5), 404, "NOT_FOUND");
  ExpectProblem(FailWith(7, R"(,"reason":"FORBIDDEN_USER_ACCESS")"), 403, "FORBIDDEN_USER_ACCESS");
  ExpectProblem(FailWith(10), 409, "CONFLICT");
  const HttpAnswer unavailable = FailWith(14, R"(,"reason":"DATABASE_UNAVAILABLE","retry_after":7)");
  ExpectProblem(unavailable, 503, "DATABASE_UNAVAILABLE");
  EXPECT_EQ(unavailable.headers.at("retry-after"), "7");
  EXPECT_EQ(FailWith(14).headers.at("retry-after"), "1");
}

TEST_F(Errors, TellNothingOfTheInside) {
  for (const int code : {2, 13, 15}) {
    const HttpAnswer answer = FailWith(code, R"(,"reason":"SECRET")");
    ExpectProblem(answer, 500, "SERVER_ERROR");
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("words")));
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("SECRET")));
  }
}

TEST_F(Errors, AnAnswerMayHave64MiB) {
  const HttpAnswer large = Fetch(port(), "GET", "/f/files/x?size=67000000");
  EXPECT_EQ(large.status, 200) << large.body;
  EXPECT_EQ(large.body.size(), 67000000u);
  const HttpAnswer larger = Fetch(port(), "GET", "/f/files/x?size=67108864");
  ExpectProblem(larger, 502, "SERVER_ERROR");
  EXPECT_THAT(larger.body, HasSubstr("the service's answer is larger than the gateway takes"));
  ExpectProblem(Fetch(port(), "GET", "/f/watch?count=1&padding=67108864"), 502, "SERVER_ERROR");
}

TEST_F(Errors, ChallengeWithoutAToken) {
  const std::string body = R"({"status_code":16,"message":"no","reason":"TOKEN_EXPIRED"})";
  const HttpAnswer without = Fetch(port(), "POST", "/v1/fail", body);
  ExpectProblem(without, 401, "TOKEN_EXPIRED");
  EXPECT_EQ(without.headers.at("www-authenticate"), "Bearer");
  const HttpAnswer with = Fetch(port(), "POST", "/v1/fail", body, "Authorization: Bearer x\r\n");
  EXPECT_EQ(with.headers.at("www-authenticate"), "Bearer error=\"invalid_token\"");
}

TEST_F(Errors, ShowViolations) {
  const HttpAnswer answer = FailWith(3, R"(,"violations":["item.a_string","name"])");
  ExpectProblem(answer, 422, "VALIDATION_ERROR");
  EXPECT_THAT(answer.body, HasSubstr(R"("field":"item.a_string")"));
}

TEST_F(Errors, AnAnswerThatHasNoJsonFormIs501) {
  const HttpAnswer answer = Fetch(port(), "GET", "/v1/shelves/s/books/b?item.any.type_url=x");
  ExpectProblem(answer, 501, "NOT_IMPLEMENTED");
}

class Shedding : public Errors {
 protected:
  http::Limits limits() const override {
    http::Limits limits;
    limits.in_flight = 1;
    limits.streams = 1;
    return limits;
  }
  static void ExpectShed(const HttpAnswer& answer) {
    ExpectProblem(answer, 503, "SERVICE_UNAVAILABLE");
    EXPECT_EQ(answer.headers.at("retry-after"), "1");
    EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "https://app.example");
    EXPECT_EQ(answer.headers.at("x-frame-options"), "DENY");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  }
};

constexpr char kOrigin[] = "Origin: https://app.example\r\n";

TEST_F(Shedding, OfARequestSaysWhenToComeBack) {
  RawHttpClient held(port());
  held.Send("GET /v1/hang HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(service_.AwaitHanging(1));
  ExpectShed(Fetch(port(), "GET", "/v1/shelves/s/books/b", "", kOrigin));
  held.Close();
  EXPECT_TRUE(service_.AwaitCancelled(1));
}

TEST_F(Shedding, OfAStreamSaysWhenToComeBack) {
  RawHttpClient held(port());
  held.Send("GET /f/watch?count=1&stays=true HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(held.ReadHead());
  ExpectShed(Fetch(port(), "GET", "/f/watch?count=1", "", kOrigin));
  EXPECT_EQ(Fetch(port(), "GET", "/v1/shelves/s/books/b").status, 200);
}

TEST_F(Errors, ADeadlineIs504) {
  ExpectProblem(Fetch(port(), "GET", "/v1/hang", "", "Grpc-Timeout: 50m\r\n"), 504, "DEADLINE_EXCEEDED");
}

TEST_F(Errors, AClientThatGoesAwayCancelsTheCall) {
  RawHttpClient client(port());
  client.Send("GET /v1/hang HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(service_.AwaitHanging(1));
  client.Close();
  EXPECT_TRUE(service_.AwaitCancelled(1));
}

}  // namespace
}  // namespace gateway
