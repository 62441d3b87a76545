#include "common/core/logger.h"

#include <gtest/gtest.h>

#include "common/json/json_document.h"

namespace common {
namespace {

std::string Logged(bool human_readable, std::string_view value) {
  ::testing::internal::CaptureStderr();
  Logger::ToStandardError("unit", human_readable)
      .Warning("something", {{"text", value}, {"number", 7}, {"flag", true}});
  return ::testing::internal::GetCapturedStderr();
}

TEST(Logger, WritesOneJsonObjectALineWhateverTheValue) {
  for (const std::string_view value :
       {"plain", "two\r\nlines", "\x1b[31m", "{} {0} %s", "\xff", "\"}", "\xc2\x9b\xe2\x80\xa8\xc2"}) {
    const std::string line = Logged(false, value);
    ASSERT_EQ(line.find('\n'), line.size() - 1) << line;
    const absl::StatusOr<json::Document> document = json::Document::Parse(line);
    ASSERT_TRUE(document.ok()) << line;
    EXPECT_EQ(document->root()["level"].get_string().value(), "warning");
    EXPECT_EQ(document->root()["service"].get_string().value(), "unit");
    EXPECT_EQ(document->root()["event"].get_string().value(), "something");
    EXPECT_EQ(document->root()["number"].get_int64().value(), 7);
    EXPECT_EQ(document->root()["flag"].get_bool().value(), true);
  }
}

TEST(Logger, WritesOneLineForHumanEyes) {
  const std::string line = Logged(true, "two\nlines");
  EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
  EXPECT_NE(line.find("warning unit something text=\"two\\nlines\" number=7 flag=true"), std::string::npos) << line;
}

TEST(Logger, LeavesOutWhatIsEmptyCutsWhatIsLongAndSaysDurationsInMilliseconds) {
  ::testing::internal::CaptureStderr();
  Logger::ToStandardError("unit", false)
      .Info("something",
            {{"empty", ""}, {"duration_ms", absl::Microseconds(12'034)}, {"long", std::string(100'000, 'x')}});
  const std::string line = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(line.substr(line.find("\"event\"")),
            "\"event\":\"something\",\"duration_ms\":12.034,\"long\":\"" + std::string(1024, 'x') + "\"}\n");
}

// What terminals and viewers act on, though JSON lets it stand.
TEST(Logger, LeavesNoControlCharacterBeyondAscii) {
  EXPECT_NE(Logged(false,
                   "a\xc2\x9b"
                   "b\xe2\x80\xa8"
                   "c\xc3\xa9")
                .find("\"a\xef\xbf\xbd\xef\xbf\xbd"
                      "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                      "c\xc3\xa9\""),
            std::string::npos);
}

TEST(Logger, CountsLinesByLevel) {
  ::testing::internal::CaptureStderr();
  const Logger logger = Logger::ToStandardError("unit", false);
  const Logger copy = logger;
  logger.Info("one");
  copy.Info("two");
  copy.Warning("three");
  logger.Error("four");
  const Logger::Counts counts = logger.counts();
  EXPECT_EQ(counts.info, 2u);
  EXPECT_EQ(counts.warning, 1u);
  EXPECT_EQ(counts.error, 1u);
  EXPECT_EQ(counts.dropped, 0u);
  ::testing::internal::GetCapturedStderr();
}

TEST(Logger, CanBeSilent) {
  ::testing::internal::CaptureStderr();
  Logger::Silent().Error("something");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace common
