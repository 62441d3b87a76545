#include "common/http/request_head.h"

#include <gtest/gtest.h>

#include <string>

namespace http {
namespace {

struct HeadCase {
  const char* name;
  std::string head;
  int status;  // 200 where it is fine
};

void PrintTo(const HeadCase& c, std::ostream* out) { *out << c.name; }

std::string Filler(size_t size) { return std::string(size, 'a'); }

// Exactly so many bytes long, without what ends it.
std::string RequestLineOf(size_t size) { return "GET /" + Filler(size - 14) + " HTTP/1.1"; }
std::string HeaderOf(size_t size) { return "X: " + Filler(size - 3); }
// Two header lines, exactly so many bytes with what ends them.
std::string HeadersOf(size_t size) { return HeaderOf(8 * 1024) + "\r\n" + HeaderOf(size - 8 * 1024 - 4) + "\r\n"; }

std::string Repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::vector<HeadCase> HeadCases() {
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const size_t host = std::string("Host: a\r\n").size();
  return {
      {"Plain", get + "\r\n", 200},
      {"Http10WithoutHost", "GET / HTTP/1.0\r\n\r\n", 200},
      {"AbsoluteTarget", "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"AsteriskForOptions", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"HostWithPort", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200},
      {"UnknownMethodToken", "PEEK / HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"ContentLength", post + "Content-Length: 5\r\n\r\n", 200},
      {"Chunked", post + "Transfer-Encoding: chunked\r\n\r\n", 200},
      {"ChunkedInUpperCase", post + "Transfer-Encoding: CHUNKED\r\n\r\n", 200},
      {"ExpectContinue", post + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", 200},
      {"EmptyValue", get + "X-Empty:\r\n\r\n", 200},
      {"NonAsciiValue", get + "X: \xc3\xa9\r\n\r\n", 200},
      {"ObsFold", get + "X: 1\r\n 2\r\n\r\n", 400},
      {"ObsFoldWithTab", get + "X: 1\r\n\t2\r\n\r\n", 400},
      {"ObsFoldBeforeFirstHeader", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"BareLfAfterRequestLine", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"BareLfAfterHeader", "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", 400},
      {"BareCrInValue", get + "X: 1\r2\r\n\r\n", 400},
      {"NulInValue", get + std::string("X: 1\0\r\n\r\n", 10), 400},
      {"NulInTarget", std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28), 400},
      {"ControlInValue", get + "X: \x01\r\n\r\n", 400},
      {"DeleteInValue", get + "X: \x7f\r\n\r\n", 400},
      {"HostMissing", "GET / HTTP/1.1\r\nX: 1\r\n\r\n", 400},
      {"HostTwice", get + "Host: a\r\n\r\n", 400},
      {"HostOtherTwice", get + "hOST: b\r\n\r\n", 400},
      {"HostMalformed", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"HostTwiceInHttp10", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"LengthAndChunked", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"ChunkedAndLength", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400},
      {"LengthsDiffer", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
      {"LengthTwice", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 400},
      {"LengthList", post + "Content-Length: 5, 5\r\n\r\n", 400},
      {"LengthWithPlus", post + "Content-Length: +5\r\n\r\n", 400},
      {"LengthNegative", post + "Content-Length: -5\r\n\r\n", 400},
      {"LengthHex", post + "Content-Length: 0x5\r\n\r\n", 400},
      {"LengthEmpty", post + "Content-Length:\r\n\r\n", 400},
      {"LengthHuge", post + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"SpaceBeforeColon", post + "Content-Length : 5\r\n\r\n", 400},
      {"TabBeforeColon", post + "Content-Length\t: 5\r\n\r\n", 400},
      {"XChunked", post + "Transfer-Encoding: xchunked\r\n\r\n", 400},
      {"GzipChunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 400},
      {"Identity", post + "Transfer-Encoding: identity\r\n\r\n", 400},
      {"ChunkedTwice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"ChunkedInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"NoColon", get + "X\r\n\r\n", 400},
      {"NoName", get + ": 1\r\n\r\n", 400},
      {"NameWithSpace", get + "X Y: 1\r\n\r\n", 400},
      {"TargetRelative", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TargetWithFragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TargetNonAscii", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TargetWithTab", "GET /\t HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TargetMissing", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TwoSpaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"AsteriskForGet", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"AbsoluteWithoutHost", "GET http:///b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"MethodMalformed", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"VersionMissing", "GET /\r\nHost: a\r\n\r\n", 400},
      {"VersionGarbage", "GET / HTPP/1.1\r\nHost: a\r\n\r\n", 400},
      {"VersionTwo", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"ExpectOther", post + "Content-Length: 5\r\nExpect: tea\r\n\r\n", 417},
      {"RequestLineAtLimit", RequestLineOf(8 * 1024) + "\r\nHost: a\r\n\r\n", 200},
      {"RequestLineTooLong", RequestLineOf(8 * 1024 + 1) + "\r\nHost: a\r\n\r\n", 414},
      {"HeaderAtLimit", get + HeaderOf(9 * 1024) + "\r\n\r\n", 200},
      {"HeaderTooLarge", get + HeaderOf(9 * 1024 + 1) + "\r\n\r\n", 431},
      {"HeadersAtLimit", get + HeadersOf(16 * 1024 - host) + "\r\n", 200},
      {"HeadersTooLarge", get + HeadersOf(16 * 1024 - host + 1) + "\r\n", 431},
      {"HundredHeaders", get + Repeated("X: 1\r\n", 99) + "\r\n", 200},
      {"TooManyHeaders", get + Repeated("X: 1\r\n", 100) + "\r\n", 431},
      {"NotComplete", get, 400},
      {"BytesBehind", get + "\r\nGET", 400},
      {"Empty", "", 400},
  };
}

class RequestHeadTable : public testing::TestWithParam<HeadCase> {};

TEST_P(RequestHeadTable, HasStatus) {
  const auto parsed = ParseHead(GetParam().head, Limits());
  const auto* refusal = std::get_if<Refusal>(&parsed);
  EXPECT_EQ(refusal == nullptr ? 200 : refusal->status, GetParam().status)
      << (refusal == nullptr ? std::string_view() : refusal->detail);
}

// Whether a head arrives at once or byte by byte makes no difference.
TEST_P(RequestHeadTable, IsTheSameByteByByte) {
  const std::string& head = GetParam().head;
  size_t scanned = 0;
  HeadEnd end;
  for (size_t size = 1; size <= head.size() && end.state == HeadEnd::State::kNeedMore; ++size) {
    end = FindHeadEnd(std::string_view(head).substr(0, size), Limits(), &scanned);
  }
  if (end.state == HeadEnd::State::kRefused) {
    EXPECT_EQ(end.refusal.status, GetParam().status);
  } else if (GetParam().status == 200) {
    EXPECT_EQ(end.state, HeadEnd::State::kComplete);
    EXPECT_EQ(end.size, head.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Heads, RequestHeadTable, testing::ValuesIn(HeadCases()),
                         [](const auto& param_info) { return param_info.param.name; });

TEST(Limits, AreThoseThatAreDocumented) {
  const Limits limits;
  EXPECT_EQ(limits.body, 64u * 1024);
  EXPECT_EQ(limits.read_head, absl::Seconds(10));
  EXPECT_EQ(limits.read_body, absl::Seconds(20));
  EXPECT_EQ(limits.idle, absl::Seconds(60));
  EXPECT_EQ(limits.write_stall, absl::Seconds(30));
  EXPECT_EQ(limits.connections, 4096u);
  EXPECT_EQ(limits.connections_per_client, 64u);
  EXPECT_EQ(limits.in_flight, 256u);
  EXPECT_EQ(limits.streams, 2048u);
  EXPECT_EQ(limits.unsent, size_t{256} << 20);
}

TEST(RequestHead, ReadsAllParts) {
  const std::string bytes =
      "POST /a/b?c=d HTTP/1.1\r\nHost: example.com\r\nX-One:  1 \r\nx-one: 2\r\nContent-Length: 7\r\n"
      "Connection: keep-alive, close\r\nExpect: 100-Continue\r\n\r\n";
  const auto parsed = ParseHead(bytes, Limits());
  ASSERT_TRUE(std::holds_alternative<RequestHead>(parsed));
  const auto& head = std::get<RequestHead>(parsed);
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.path, "/a/b");
  EXPECT_EQ(head.query, "c=d");
  EXPECT_EQ(head.Find("X-ONE"), "1");
  EXPECT_EQ(head.Count("x-one"), 2u);
  EXPECT_EQ(head.content_length, 7u);
  EXPECT_FALSE(head.keep_alive);
  EXPECT_TRUE(head.expects_continue);
}

TEST(RequestHead, Http10DoesNotKeepTheConnection) {
  const std::string bytes = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  const auto parsed = ParseHead(bytes, Limits());
  EXPECT_FALSE(std::get<RequestHead>(parsed).keep_alive);
}

}  // namespace
}  // namespace http
