#include "common/core/trace_context.h"
#include "tests/integration/gateway/gateway_fixture.h"

namespace gateway {
namespace {

struct Malformed {
  const char* name;
  std::string bytes;
  int status;
};

void PrintTo(const Malformed& c, std::ostream* out) { *out << c.name; }

// What would be a second request to a server that reads the first one otherwise.
constexpr char kSmuggled[] = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

std::string Repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::vector<Malformed> Cases() {
  const std::string post = "PUT /v1/shelves/s/tags HTTP/1.1\r\nHost: a\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  return {
      {"LengthAndChunked", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"LengthsDiffer", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n[1,2]", 400},
      {"SpaceBeforeColon", post + "Content-Length : 5\r\n\r\n[1,2]", 400},
      {"PlusLength", post + "Content-Length: +5\r\n\r\n[1,2]", 400},
      {"BareLf", "GET /health HTTP/1.1\nHost: a\n\n", 400},
      {"BareCr", "GET /health HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
      {"Nul", std::string("GET /health HTTP/1.1\r\nHost: \0a\r\n\r\n", 33), 400},
      {"ObsFold", "GET /health HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400},
      {"HostMissing", "GET /health HTTP/1.1\r\n\r\n", 400},
      {"HostTwice", "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"HostMalformed", "GET /health HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"LengthsAlike", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n[1,2]", 400},
      {"LengthList", post + "Content-Length: 5, 5\r\n\r\n[1,2]", 400},
      {"LengthNegative", post + "Content-Length: -1\r\n\r\n", 400},
      {"LengthHuge", post + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"ObsFoldOfLength", post + "Content-Length:\r\n 5\r\n\r\n[1,2]", 400},
      {"BareLfAfterHeader", "GET /health HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", 400},
      {"ManyHeaders", "GET /health HTTP/1.1\r\nHost: a\r\n" + Repeated("X: 1\r\n", 100) + "\r\n", 431},
      {"HeaderTooLarge", "GET /health HTTP/1.1\r\nHost: a\r\nX: " + std::string(9300, 'a') + "\r\n\r\n", 431},
      {"Connect", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400},
      {"Expectation", post + "Expect: tea\r\nContent-Length: 5\r\n\r\n[1,2]", 417},
      {"XChunked", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
      {"ChunkedInHttp10", "PUT /v1/shelves/s/tags HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"ChunkSizeGarbage", chunked + "zz\r\n[]\r\n0\r\n\r\n", 400},
      {"ChunkSizeNegative", chunked + "-2\r\n[]\r\n0\r\n\r\n", 400},
      {"ChunkSizeHuge", chunked + "fffffffffffffffff\r\n[]\r\n0\r\n\r\n", 400},
      {"ChunkBareLf", chunked + "2\n[]\r\n0\r\n\r\n", 400},
      {"ChunkSizeWithPlus", chunked + "+2\r\n[]\r\n0\r\n\r\n", 400},
      {"ChunkSizeHexPrefix", chunked + "0x2\r\n[]\r\n0\r\n\r\n", 400},
      {"ChunkSizeEmpty", chunked + "\r\n[]\r\n0\r\n\r\n", 400},
      {"ChunkExtensionsEndless", chunked + "2;" + std::string(40000, 'a'), 400},
      {"ChunkTrailersEndless", chunked + "2\r\n[]\r\n0\r\nX: " + std::string(200000, 'a'), 400},
      {"ChunkExtensionBareLf", chunked + "2;a=\nb\r\n[]\r\n0\r\n\r\n", 400},
      {"ChunkTrailerObsFold", chunked + "2\r\n[]\r\n0\r\nX: 1\r\n 2\r\n\r\n", 400},
      {"ChunkTrailerBareLf", chunked + "2\r\n[]\r\n0\r\nX: 1\nY: 2\r\n\r\n", 400},
      {"ChunkTrailerNul", chunked + "2\r\n[]\r\n0\r\n" + std::string("X: \0\r\n\r\n", 8), 400},
      {"ChunkWithoutEnd", chunked + "2\r\n[]xx0\r\n\r\n", 400},
      {"BodyTooLargeBySize", post + "Content-Length: 65537\r\n\r\n", 413},
      {"BodyTooLargeByChunk", chunked + "10001\r\n" + std::string(65537, '1') + "\r\n0\r\n\r\n", 413},
      {"RequestLineTooLong", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"RequestLineEndless", "GET /" + std::string(30000, 'a'), 414},
      {"HeadersEndless", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(30000, 'a'), 431},
      {"Version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"Tls", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400},
      {"Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
  };
}

class MalformedHttp : public GatewayFixture, public testing::WithParamInterface<Malformed> {};

TEST_P(MalformedHttp, IsAnsweredOnceAndClosed) {
  RawHttpClient client(port());
  client.Send(GetParam().bytes + kSmuggled);
  auto answer = client.Read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, GetParam().status);
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_EQ(answer->headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(answer->headers["x-content-type-options"], "nosniff");
  EXPECT_EQ(answer->headers["x-frame-options"], "DENY");
  EXPECT_EQ(answer->headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
  EXPECT_EQ(answer->headers["cache-control"], "no-store");
  EXPECT_TRUE(common::IsTraceparent(answer->headers["traceparent"]));
  EXPECT_TRUE(common::IsRequestId(answer->headers["x-request-id"]));
  EXPECT_TRUE(client.ClosedByServer());
  EXPECT_EQ(Fetch(port(), "GET", "/health").status, 200);
}

INSTANTIATE_TEST_SUITE_P(All, MalformedHttp, testing::ValuesIn(Cases()),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace gateway
