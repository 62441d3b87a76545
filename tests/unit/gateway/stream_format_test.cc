#include "gateway/stream_format.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

using Kind = StreamFormat::Kind;

TEST(StreamFormat, LeavesOutAnEventIdThatWouldBreakItsLine) {
  StreamFormat events(Kind::kEvents);
  EXPECT_EQ(events.Message("{}", "1"), "id: 1\ndata: {}\n\n");
  EXPECT_EQ(events.Message("{}", ""), "data: {}\n\n");
  for (const std::string& forged :
       {std::string("1\n\ndata: evil"), std::string("1\rdata: evil"), std::string("1\0", 2), std::string("\r\n")}) {
    EXPECT_EQ(events.Message("{}", forged), "data: {}\n\n");
  }
}

TEST(StreamFormat, HasHeartbeatsThatChangeNothing) {
  EXPECT_EQ(StreamFormat(Kind::kEvents).heartbeat(), ":\n\n");
  EXPECT_EQ(StreamFormat(Kind::kLines).heartbeat(), "\n");
  EXPECT_EQ(StreamFormat(Kind::kArray).heartbeat(), "\n");
  EXPECT_EQ(StreamFormat(Kind::kOctets).heartbeat(), "");
}

struct Choice {
  const char* accept;
  std::optional<Kind> kind;
};

void PrintTo(const Choice& c, std::ostream* out) { *out << c.accept; }

class StreamChoice : public testing::TestWithParam<Choice> {};

TEST_P(StreamChoice, IsTheOneThatTheClientWantsMost) {
  EXPECT_EQ(ChooseStreamFormat(GetParam().accept), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(All, StreamChoice,
                         testing::ValuesIn(std::vector<Choice>{
                             {"", Kind::kLines},
                             {"application/json, text/event-stream;q=0.5", Kind::kArray},
                             {"application/json;q=0.5, text/event-stream", Kind::kEvents},
                             {"application/json;q=0.5, text/event-stream;q=0.5", Kind::kEvents},
                             {"text/html, text/event-stream;q=0.1", Kind::kEvents},
                             {"text/event-stream, */*;q=0.1", Kind::kEvents},
                             {"application/x-ndjson;q=0, */*", Kind::kLines},
                             {"application/*", Kind::kLines},
                             {"text/*", Kind::kEvents},
                             {"text/event-stream;q=0", std::nullopt},
                             {"text/html", std::nullopt},
                         }));

}  // namespace
}  // namespace gateway
