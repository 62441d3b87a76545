#include <google/protobuf/util/json_util.h>

#include "common/core/trace_context.h"
#include "tests/integration/gateway/gateway_fixture.h"

namespace gateway {
namespace {

using gateway_testing::v1::BookAnswer;
using testing::HasSubstr;

BookAnswer Parse(const HttpAnswer& answer) {
  BookAnswer message;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(answer.body, &message).ok()) << answer.body;
  return message;
}

class Transcoding : public GatewayFixture {};

TEST_F(Transcoding, BindsThePathAndTheQuery) {
  const HttpAnswer answer = Fetch(port(), "GET", "/v1/shelves/a%20b/books/c%2Fd?page_size=5");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "application/json");
  const BookAnswer message = Parse(answer);
  EXPECT_EQ(message.method(), "GetBook");
  EXPECT_EQ(message.request().shelf(), "a b");
  EXPECT_EQ(message.request().book(), "c/d");
  EXPECT_EQ(message.request().page_size(), 5);
}

TEST_F(Transcoding, LiteralBeatsVariable) {
  EXPECT_EQ(Parse(Fetch(port(), "GET", "/v1/shelves/a/books/catalog")).method(), "GetCatalog");
}

TEST_F(Transcoding, CreatesWithStatusAndLocation) {
  const HttpAnswer answer = Fetch(port(), "POST", "/v1/shelves/s/books", R"({"a_string":"x y","inner":{"name":"n"}})");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.headers.at("location"), "/v1/shelves/x%20y/books/n");
  EXPECT_THAT(answer.body, HasSubstr(R"("a_string":"x y")"));
  EXPECT_THAT(answer.body, testing::StartsWith(R"({"a_double":0,)"));
}

TEST_F(Transcoding, DeletesWithoutABody) {
  const HttpAnswer answer = Fetch(port(), "DELETE", "/v1/shelves/s/books/b");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.headers.count("content-length"), 0u);
  EXPECT_EQ(answer.headers.count("content-type"), 0u);
}

TEST_F(Transcoding, MakesTheMaskOfAPatch) {
  const BookAnswer message = Parse(
      Fetch(port(), "PATCH", "/v1/shelves/s/books/b", R"({"a_string":"x","inner":{"name":null},"maybe_text":null})"));
  EXPECT_THAT(message.request().update_mask().paths(), testing::ElementsAre("a_string", "inner.name", "maybe_text"));
}

TEST_F(Transcoding, AnswersListsAndVerbs) {
  EXPECT_EQ(Fetch(port(), "PUT", "/v1/shelves/s/tags", R"(["a","b"])").body, R"(["a","b"])");
  EXPECT_EQ(Parse(Fetch(port(), "POST", "/v1/shelves/s/books/b:merge", R"({"name":"n"})")).method(), "MergeBook");
  EXPECT_EQ(Parse(Fetch(port(), "PEEK", "/v1/peek/b")).request().book(), "b");
}

TEST_F(Transcoding, TakesChunkedBodies) {
  RawHttpClient client(port());
  client.Send(
      "PUT /v1/shelves/s/tags HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\n[\"a\r\n4;ext=1\r\nb\"]\n\r\n0\r\nTrailer: x\r\n\r\n");
  EXPECT_EQ(client.Read()->body, R"(["ab"])");
}

TEST_F(Transcoding, HeadIsGetWithoutTheBody) {
  RawHttpClient client(port());
  client.Send("HEAD /v1/shelves/s/books/b HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto head = client.Read(/*has_body=*/false);
  EXPECT_EQ(head->status, 200);
  EXPECT_NE(head->headers.at("content-length"), "0");
  EXPECT_EQ(client.Read()->body, R"({"status":"healthy"})");
}

TEST_F(Transcoding, AnswersPipelinedRequestsInOrder) {
  RawHttpClient client(port());
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests += "GET /v1/shelves/s/books/" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  client.Send(requests);
  for (int i = 0; i < 50; ++i) {
    const auto answer = client.Read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(Parse(*answer).request().book(), std::to_string(i));
  }
}

TEST_F(Transcoding, PassesMetadata) {
  const BookAnswer message =
      Parse(Fetch(port(), "GET", "/v1/shelves/s/books/b", "",
                  "Authorization: Bearer t\r\nGrpc-Metadata-Tenant: x\r\nGrpc-Metadata-Blob-Bin: AQI=\r\n"
                  "X-User-Id: evil\r\nGrpc-Metadata-X-Auth-Role: evil\r\nX-Request-Id: id-7\r\n"
                  "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"));
  EXPECT_EQ(message.metadata().at("authorization"), "Bearer t");
  EXPECT_EQ(message.metadata().at("tenant"), "x");
  EXPECT_EQ(message.metadata().at("blob-bin"), "\x01\x02");
  EXPECT_EQ(message.metadata().at("x-request-id"), "id-7");
  EXPECT_EQ(message.metadata().at("traceparent"), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_EQ(message.metadata().count("x-user-id"), 0u);
  EXPECT_EQ(message.metadata().count("x-auth-role"), 0u);
}

TEST_F(Transcoding, MakesAndAnswersIds) {
  const HttpAnswer answer =
      Fetch(port(), "GET", "/v1/shelves/s/books/b", "", "X-Request-Id: not fit\r\ntraceparent: x\r\n");
  EXPECT_TRUE(common::IsRequestId(answer.headers.at("x-request-id")));
  EXPECT_TRUE(common::IsTraceparent(answer.headers.at("traceparent")));
  EXPECT_EQ(Parse(answer).metadata().at("x-request-id"), answer.headers.at("x-request-id"));
}

TEST_F(Transcoding, EveryAnswerHasSecurityHeaders) {
  for (const char* path : {"/health", "/v1/shelves/s/books/b", "/nope"}) {
    const HttpAnswer answer = Fetch(port(), "GET", path);
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.headers.at("x-frame-options"), "DENY");
    EXPECT_EQ(answer.headers.at("referrer-policy"), "strict-origin-when-cross-origin");
    EXPECT_EQ(answer.headers.at("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.headers.count("server"), 0u);
  }
}

TEST_F(Transcoding, AnswersPreflights) {
  const HttpAnswer answer = Fetch(port(), "OPTIONS", "/v1/shelves/s/books/b", "",
                                  "Origin: https://app.example\r\nAccess-Control-Request-Method: PATCH\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "https://app.example");
  EXPECT_THAT(answer.headers.at("access-control-allow-methods"), HasSubstr("PATCH"));
  EXPECT_THAT(answer.headers.at("access-control-allow-headers"), HasSubstr("Idempotency-Key"));
  EXPECT_EQ(answer.headers.at("access-control-max-age"), "600");
}

TEST_F(Transcoding, ErrorsCarryCorsHeaders) {
  const HttpAnswer answer = Fetch(port(), "GET", "/nope", "", "Origin: https://app.example\r\n");
  EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "https://app.example");
  EXPECT_EQ(answer.headers.at("vary"), "Origin");
  EXPECT_EQ(Fetch(port(), "GET", "/nope", "", "Origin: https://app.example.evil\r\n")
                .headers.count("access-control-allow-origin"),
            0u);
}

TEST_F(Transcoding, OptionsNamesTheMethods) {
  const HttpAnswer answer = Fetch(port(), "OPTIONS", "/v1/shelves/s/books/b");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.headers.at("allow"), "DELETE, GET, HEAD, OPTIONS, PATCH");
}

}  // namespace
}  // namespace gateway
