// Statuses, headers and what HTTP has beside a path and a body.
#include <utility>

#include "tests/integration/gateway/conformance_fixture.h"

namespace gateway {
namespace {

class HttpConformance : public Conformance {};
TEST_P(HttpConformance, AnswersAsTheRuleSays) { Check(GetParam()); }

Exchanged Fail(const std::string& body, const std::string& headers, int status, std::vector<std::string> holds,
               std::vector<std::string> headers_hold = {}) {
  return {"POST /v1/fail", headers, body, status, std::move(holds), std::move(headers_hold)};
}

constexpr char kToken[] = "Authorization: Bearer x.y.z\r\n";

INSTANTIATE_TEST_SUITE_P(
    Statuses, HttpConformance,
    testing::ValuesIn(std::vector<Exchanged>{
        Fail(R"({"status_code":1})", "", 499, {}),
        Fail(R"({"status_code":2,"message":"secret"})", "", 500, {"SERVER_ERROR", "!secret"}),
        Fail(R"({"status_code":3,"message":"told"})", "", 400, {"told"}),
        Fail(R"({"status_code":3,"violations":["item.a_string","shelf"]})", "", 422,
             {"VALIDATION_ERROR", R"({"field":"item.a_string","message":"is not valid"})"}),
        Fail(R"({"status_code":4})", "", 504, {"DEADLINE_EXCEEDED"}),
        Fail(R"({"status_code":5,"reason":"NO_SUCH_BOOK"})", "", 404, {R"("error_code":"NO_SUCH_BOOK")"}),
        Fail(R"({"status_code":6})", "", 409, {"CONFLICT"}),
        Fail(R"({"status_code":7})", "", 403, {"FORBIDDEN_USER_ACCESS"}),
        Fail(R"({"status_code":8})", "", 429, {"RATE_LIMITED"}),
        Fail(R"({"status_code":8,"retry_after":7})", "", 429, {}, {"retry-after: 7"}),
        Fail(R"({"status_code":9})", "", 409, {}),
        Fail(R"({"status_code":9})", "If-Match: \"x\"\r\n", 412, {"PRECONDITION_FAILED"}),
        Fail(R"({"status_code":10})", "", 409, {}),
        Fail(R"({"status_code":10})", "If-Match: \"x\"\r\n", 412, {}),
        Fail(R"({"status_code":11})", "", 400, {}),
        Fail(R"({"status_code":12})", "", 501, {"NOT_IMPLEMENTED"}),
        Fail(R"({"status_code":13,"message":"stack"})", "", 500, {"!stack"}),
        Fail(R"({"status_code":14,"message":"10.0.0.1"})", "", 503, {"!10.0.0.1"}, {"retry-after: 1"}),
        Fail(R"({"status_code":14,"reason":"DATABASE_UNAVAILABLE","message":"told"})", "", 503,
             {"DATABASE_UNAVAILABLE", "told"}),
        Fail(R"({"status_code":15})", "", 500, {}),
        Fail(R"({"status_code":16})", "", 401, {"MISSING_TOKEN"}, {"www-authenticate: Bearer"}),
        Fail(R"({"status_code":16,"reason":"TOKEN_EXPIRED"})", kToken, 401, {"TOKEN_EXPIRED"},
             {"www-authenticate: Bearer error=\"invalid_token\""}),
        Fail(R"({"status_code":16})", "X-Request-Id: my-id\r\n", 401, {R"("request_id":"my-id")"},
             {"x-request-id: my-id"}),
    }));

constexpr char kTrace[] = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";

Exchanged Get(const std::string& headers, int status, std::vector<std::string> holds,
              std::vector<std::string> headers_hold = {}) {
  return {"GET /v1/shelves/s/books/b", headers, "", status, std::move(holds), std::move(headers_hold)};
}

INSTANTIATE_TEST_SUITE_P(
    Metadata, HttpConformance,
    testing::ValuesIn(std::vector<Exchanged>{
        Get(kToken, 200, {R"("authorization":"Bearer x.y.z")"}),
        Get("Grpc-Metadata-Tenant: t\r\n", 200, {R"("tenant":"t")"}),
        Get("Grpc-Metadata-Blob-Bin: AQI\r\n", 200, {"\"blob-bin\":"}),
        Get("Grpc-Metadata-Blob-Bin: ***\r\n", 400, {}),
        Get("Grpc-Metadata-Authorization: Bearer evil\r\n", 200, {"!evil"}),
        Get("Grpc-Metadata-X-User-Id: evil\r\nX-User-Id: evil\r\nX-Auth-Sub: evil\r\n", 200, {"!evil"}),
        Get("Grpc-Metadata-Cookie: evil\r\nGrpc-Metadata-Origin: evil\r\nGrpc-Metadata-X-Forwarded-For: evil\r\n", 200,
            {"!evil"}),
        Get("Cookie: better-auth.session_token=evil\r\n", 200, {"!evil"}),
        Get("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n", 400, {"INVALID_HEADER_FORMAT"}),
        Get("Authorization: Bearer \xc3\xa9\r\n", 400, {"INVALID_HEADER_FORMAT"}),
        Get("Authorization: Bearer " + std::string(8193, 'x') + "\r\n", 431, {"HEADERS_TOO_LARGE"}),
        Get("Authorization: Bearer " + std::string(8000, 'x') + "\r\n", 200, {}),
        Get(kTrace, 200, {R"("traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")"},
            {"traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}),
        Get("traceparent: junk\r\n", 200, {"!junk"}),
        Get(std::string(kTrace) + "tracestate: a=1\r\ntracestate: b=2\r\n", 200, {R"("tracestate":"a=1,b=2")"}),
        Get("tracestate: a=1\r\n", 200, {"!tracestate"}),
        Get("X-Request-Id: a b\r\n", 200, {"!a b"}),
        Get("Grpc-Timeout: 5S\r\n", 200, {}),
        Get("Grpc-Timeout: 5\r\n", 400, {"Grpc-Timeout is malformed"}),
        {"GET /v1/hang", "Grpc-Timeout: 50m\r\n", "", 504, {"DEADLINE_EXCEEDED"}, {}},
        Get("Accept: application/json\r\n", 200, {}),
        Get("Accept: text/html, */*;q=0.1\r\n", 200, {}),
        Get("Accept: text/html\r\n", 406, {"NOT_ACCEPTABLE"}),
        Get("Accept: application/json;q=0\r\n", 406, {}),
        Get("", 200, {},
            {"cache-control: no-store", "x-frame-options: DENY", "referrer-policy: strict-origin-when-cross-origin",
             "content-security-policy: default-src 'none'; frame-ancestors 'none'", "!strict-transport-security"}),
        Get("Authorization: Bearer " + std::string(8192, 'x') + "\r\n", 200, {}),
        {"GET /f/watch?count=1",
         kTrace,
         "",
         200,
         {},
         {"traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "cache-control: no-store",
          "x-frame-options: DENY", "referrer-policy: strict-origin-when-cross-origin",
          "content-security-policy: default-src 'none'; frame-ancestors 'none'"}},
    }));

INSTANTIATE_TEST_SUITE_P(
    Cors, HttpConformance,
    testing::ValuesIn(std::vector<Exchanged>{
        Get("Origin: https://app.example\r\n", 200, {},
            {"access-control-allow-origin: https://app.example", "vary: Origin",
             "access-control-expose-headers: ETag, Location, X-Request-Id, Retry-After",
             "!access-control-allow-credentials"}),
        Get("Origin: http://localhost:3000\r\n", 200, {}, {"access-control-allow-origin: http://localhost:3000"}),
        Get("Origin: https://app.example.evil\r\n", 200, {}, {"!access-control-allow-origin", "vary: Origin"}),
        Get("Origin: https://evil-app.example\r\n", 200, {}, {"!access-control-allow-origin"}),
        Get("Origin: null\r\n", 200, {}, {"!access-control-allow-origin"}),
        Get("Origin: http://app.example\r\n", 200, {}, {"!access-control-allow-origin"}),
        {"GET /nope",
         "Origin: https://app.example\r\n",
         "",
         404,
         {},
         {"access-control-allow-origin: https://app.example"}},
        {"OPTIONS /v1/shelves/s/books/b",
         "Origin: https://app.example\r\nAccess-Control-Request-Method: PATCH\r\n"
         "Access-Control-Request-Headers: authorization\r\n",
         "",
         204,
         {"="},
         {"access-control-allow-origin: https://app.example", "access-control-max-age: 600",
          "access-control-allow-headers: Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, "
          "Last-Event-ID, X-Request-Id, traceparent"}},
        {"OPTIONS /v1/shelves/s/books/b",
         "Origin: https://evil.example\r\nAccess-Control-Request-Method: PATCH\r\n",
         "",
         204,
         {},
         {"!access-control-allow-origin"}},
        {"GET /f/watch?count=1",
         "Origin: https://app.example\r\n",
         "",
         200,
         {},
         {"access-control-allow-origin: https://app.example", "vary: Origin",
          "access-control-expose-headers: ETag, Location, X-Request-Id, Retry-After"}},
        {"GET /f/watch?count=1", "Origin: null\r\n", "", 200, {}, {"!access-control-allow-origin", "vary: Origin"}},
        {"POST /f/kinds",
         "Origin: https://app.example\r\n",
         std::string(65537, ' '),
         413,
         {},
         {"access-control-allow-origin: https://app.example"}},
    }));

INSTANTIATE_TEST_SUITE_P(
    Conditions, HttpConformance,
    testing::ValuesIn(std::vector<Exchanged>{
        {"GET /f/notes/missing", "", "", 404, {}, {"cache-control: no-store", "!etag"}},
        {"PUT /f/notes/k", "Idempotency-Key: k1\r\n", R"({"text":"x"})", 200, {R"("text":"key k1")"}, {}},
        {"PUT /f/notes/k", "Idempotency-Key: \"k2\"\r\n", "{}", 200, {R"("text":"key k2")"}, {}},
        {"PUT /f/notes/k", "Idempotency-Key: \r\n", "{}", 400, {"Idempotency-Key"}, {}},
        {"PUT /f/notes/k", "Idempotency-Key: a b\r\n", "{}", 400, {"Idempotency-Key"}, {}},
        {"PUT /f/notes/k", "Idempotency-Key: " + std::string(256, 'k') + "\r\n", "{}", 400, {}, {}},
        {"PUT /f/notes/k", "Idempotency-Key: a\r\nIdempotency-Key: b\r\n", "{}", 400, {}, {}},
        {"PUT /f/notes/c", "If-Match: *\r\n", "{}", 200, {}, {"cache-control: private, no-cache"}},
        {"PUT /f/notes/c", "If-Match: \"other\"\r\n", "{}", 412, {"PRECONDITION_FAILED"}, {"cache-control: no-store"}},
        {"PUT /f/notes/c", "If-Match: W/\"v1\"\r\n", "{}", 412, {}, {}},
        {"PUT /f/notes/c", "If-Match: v1\r\n", "{}", 400, {"If-Match"}, {}},
        {"PUT /f/notes/c", "If-Match: \"a\", \"b\"\r\n", "{}", 400, {"only one"}, {}},
        {"PUT /f/notes/c", "If-Match: \"a\"\r\nIf-Match: \"b\"\r\n", "{}", 400, {}, {}},
        // The path names the note, whatever the body says.
        {"PUT /f/notes/mine", "", R"({"id":"other","text":"x"})", 200, {R"("id":"mine","text":"x")", "!other"}, {}},
    }));

INSTANTIATE_TEST_SUITE_P(
    Files, HttpConformance,
    testing::ValuesIn(std::vector<Exchanged>{
        {"GET /f/files/a/b.txt?content_type=text/plain",
         "Accept: text/plain\r\n",
         "",
         200,
         {"=a/b.txt"},
         {"content-type: text/plain"}},
        {"GET /f/files/x", "", "", 200, {"=x"}, {"content-type: application/octet-stream"}},
        {"GET /f/files/x?content_type=a%0d%0aX-Evil:%201", "", "", 200, {}, {"!x-evil"}},
        {"POST /f/files/n",
         "Content-Type: image/png\r\n",
         "\x89PNG\r\n",
         200,
         {R"("name":"n")", R"("contentType":"image/png")", R"("size":"6")"},
         {}},
        {"PUT /f/raw", "Content-Type: text/csv\r\n", "a,b", 200, {"=a,b"}, {"content-type: text/csv"}},
        {"PUT /f/raw", "Content-Type: application/json\r\n", "{not json", 200, {"={not json"}, {}},
        {"GET /f/parts/x?size=2", "", "", 200, {"=part 1\npart 2\n"}, {"content-type: application/octet-stream"}},
        {"GET /f/parts/x?size=0&status_code=7", "", "", 403, {}, {}},
        {"GET /openapi.json", "", "", 200, {R"({"openapi":"3.1.0")"}, {"content-type: application/json"}},
        {"GET /docs",
         "",
         "",
         200,
         {"<!doctype html>", "!<script", "!https://"},
         {"content-type: text/html; charset=utf-8"}},
        {"GET /docs/style.css", "", "", 200, {}, {"content-type: text/css; charset=utf-8"}},
    }));

// With a gateway of its own, since the budget of what may be tried again is one for all.
TEST_F(HttpConformance, RepeatsWhatMayBeRepeated) {
  auto shared = std::exchange(world_, std::make_unique<World>());
  Check({"GET /f/flaky/read?failures=2", "", "", 200, {R"({"calls":3})"}, {}});
  Check({"POST /f/flaky/write", "", R"({"failures":1})", 503, {}, {"retry-after: 1"}});
  Check({"POST /f/flaky/write", "", R"({"failures":1})", 200, {R"({"calls":2})"}, {}});
  Check({"POST /f/flaky/key", "Idempotency-Key: k\r\n", R"({"failures":1})", 200, {R"({"calls":2})"}, {}});
  // Three tries are all that there are, and then the budget is half spent.
  Check({"GET /f/flaky/late?failures=3", "", "", 503, {}, {}});
  Check({"GET /f/flaky/last?failures=1", "", "", 503, {}, {}});
  Check({"GET /f/flaky/last?failures=1", "", "", 200, {R"({"calls":2})"}, {}});
  world_ = std::move(shared);
}

TEST_F(HttpConformance, EntityTagsGuardReadsAndWrites) {
  using gateway_testing::Fetch;
  const auto first = Fetch(port(), "PUT", "/f/notes/tag", R"({"text":"one"})");
  ASSERT_EQ(first.status, 200);
  const std::string tag = first.headers.at("etag");
  EXPECT_THAT(tag, testing::StartsWith("\"v"));
  const auto read = [&](const std::string& none_match) {
    return Fetch(port(), "GET", "/f/notes/tag", "", "If-None-Match: " + none_match + "\r\n");
  };
  EXPECT_EQ(Fetch(port(), "GET", "/f/notes/tag").headers.at("etag"), tag);
  for (const std::string& match : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    const auto answer = read(match);
    EXPECT_EQ(answer.status, 304) << match;
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(answer.headers.at("etag"), tag);
    EXPECT_EQ(answer.headers.at("cache-control"), "private, no-cache");
    EXPECT_EQ(answer.headers.count("content-length"), 0u);
  }
  const auto head = Fetch(port(), "HEAD", "/f/notes/tag", "", "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(head.status, 304);
  EXPECT_EQ(head.headers.at("etag"), tag);
  EXPECT_EQ(Fetch(port(), "HEAD", "/f/notes/tag", "", "If-None-Match: \"x\"\r\n").status, 200);
  EXPECT_EQ(read("\"x\"").status, 200);
  EXPECT_EQ(read("junk").status, 200);
  const auto second = Fetch(port(), "PUT", "/f/notes/tag", R"({"text":"two"})", "If-Match: " + tag + "\r\n");
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(Fetch(port(), "PUT", "/f/notes/tag", R"({"text":"three"})", "If-Match: " + tag + "\r\n").status, 412);
  EXPECT_THAT(Fetch(port(), "GET", "/f/notes/tag").body, testing::HasSubstr("two"));
}

}  // namespace
}  // namespace gateway
