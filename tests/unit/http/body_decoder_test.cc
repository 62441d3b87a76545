#include "common/http/body_decoder.h"

#include <gtest/gtest.h>

#include <variant>

namespace http {
namespace {

struct Outcome {
  int status = 0;  // of the refusal; 0 for none
  std::string body;
  std::string rest;
  bool is_done = false;
};

// `step` is how many bytes come in at a time.
Outcome Decode(const std::string& framing, const std::string& bytes, size_t step, uint64_t limit = 100) {
  const std::string head_bytes = "POST / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n";
  const auto head = ParseHead(head_bytes, Limits());
  BodyDecoder decoder(limit, Limits());
  Outcome outcome;
  std::optional<Refusal> refusal = decoder.Start(std::get<RequestHead>(head), head_bytes);
  std::string waiting;
  for (size_t at = 0; !refusal && at < bytes.size(); at += step) {
    waiting += bytes.substr(at, step);
    std::string_view unread = waiting;
    refusal = decoder.Put(&unread);
    waiting = std::string(unread);
  }
  outcome.status = refusal ? refusal->status : 0;
  outcome.is_done = !refusal && decoder.is_done();
  if (outcome.is_done) outcome.body = decoder.TakeBody();
  outcome.rest = waiting;
  return outcome;
}

constexpr char kChunked[] = "Transfer-Encoding: chunked";

class BodyInSteps : public testing::TestWithParam<size_t> {};

TEST_P(BodyInSteps, IsPutTogether) {
  EXPECT_EQ(Decode("Content-Length: 5", "hello", GetParam()).body, "hello");
  EXPECT_EQ(Decode(kChunked, "2\r\nhe\r\n3;x=\"y\"\r\nllo\r\n0\r\nTrailer: t\r\n\r\n", GetParam()).body, "hello");
}

TEST_P(BodyInSteps, IsRefusedWhereItIsMalformed) {
  for (const char* bad : {"zz\r\n", "-1\r\nx\r\n", "2\nab\r\n0\r\n\r\n", "2\r\nabc\r\n", "2\r\nabX\r\n",
                          "ffffffffffffffffff\r\n", "1 \r\n\r\nx", "2;a=\nb\r\nab\r\n"}) {
    EXPECT_EQ(Decode(kChunked, std::string(bad) + "0\r\n\r\n", GetParam()).is_done, false) << bad;
  }
  for (const std::string& bad : {std::string("X: 1\r\n 2"), std::string("X: 1\r\n\t2"), std::string("X: 1\nY: 2"),
                                 std::string("X: 1\rY: 2"), std::string("X: \0", 4), std::string(" X: 1")}) {
    EXPECT_FALSE(Decode(kChunked, "2\r\n\r\n\r\n0\r\n" + bad + "\r\n\r\n", GetParam()).is_done) << bad;
  }
  // What looks like a fold among the data is none.
  EXPECT_EQ(Decode(kChunked, "5\r\na\r\n b\r\n0\r\nX: 1\r\n\r\n", GetParam()).body, "a\r\n b");
}

INSTANTIATE_TEST_SUITE_P(All, BodyInSteps, testing::Values(1, 2, 3, 1000));

TEST(BodyDecoder, LeavesWhatIsBehindTheBody) {
  EXPECT_EQ(Decode("Content-Length: 2", "hiGET /", 1000).rest, "GET /");
  EXPECT_EQ(Decode(kChunked, "2\r\nhi\r\n0\r\n\r\nGET /", 1000).rest, "GET /");
}

TEST(BodyDecoder, EndsAtTheLimit) {
  EXPECT_EQ(Decode("Content-Length: 11", "", 1, /*limit=*/10).status, 413);
  EXPECT_EQ(Decode("Content-Length: 10", "0123456789", 1, /*limit=*/10).body, "0123456789");
  EXPECT_EQ(Decode(kChunked, "6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n", 4, /*limit=*/10).status, 413);
}

TEST(BodyDecoder, BoundsWhatChunksAddToABody) {
  std::string endless = "1;" + std::string(40000, 'x');
  EXPECT_EQ(Decode(kChunked, endless, 1000).status, 400);
  std::string many;
  for (int i = 0; i < 50; ++i) many += "1;" + std::string(1000, 'x') + "\r\ny\r\n";
  EXPECT_EQ(Decode(kChunked, many, 1000).status, 400);
}

}  // namespace
}  // namespace http
