#include "gateway/scalar_text.h"

#include <gtest/gtest.h>

#include "gateway/percent_encoding.h"
#include "gateway/time_text.h"

namespace gateway {
namespace {

TEST(Base64, TakesBothAlphabetsAndAnyPadding) {
  EXPECT_EQ(DecodeBase64(""), "");
  EXPECT_EQ(DecodeBase64("YQ"), "a");
  EXPECT_EQ(DecodeBase64("YQ=="), "a");
  EXPECT_EQ(DecodeBase64("-_8"), "\xfb\xff");
  EXPECT_EQ(DecodeBase64("+/8="), "\xfb\xff");
  for (const char* bad : {"Y", "YQ=", "YQ===", "Y Q", "YQ==YQ==", "=", "YWJj="})
    EXPECT_EQ(DecodeBase64(bad), std::nullopt) << bad;
}

TEST(PercentEncoding, DecodesAndEncodes) {
  EXPECT_EQ(PercentDecode("a%20b+%2f"), "a b+/");
  EXPECT_EQ(PercentDecodeExceptSlash("a%2fb%20c"), "a%2fb c");
  EXPECT_EQ(QueryDecode("a+b%2B"), "a b+");
  for (const char* bad : {"%", "%1", "a%g0", "%%41"}) EXPECT_EQ(PercentDecode(bad), std::nullopt) << bad;
  std::string encoded;
  AppendPercentEncoded("a-z_0.~/ \xc3\xa9", &encoded);
  EXPECT_EQ(encoded, "a-z_0.~%2F%20%C3%A9");
}

TEST(TimeText, RoundTripsEveryDayOfTheCalendar) {
  for (int64_t seconds = -62135596800; seconds <= 253402300799; seconds += 86400 * 29 + 12345) {
    std::string text;
    ASSERT_TRUE(AppendTimestamp({seconds, 0}, &text));
    const auto parsed = ParseTimestamp(text);
    ASSERT_TRUE(parsed) << text;
    ASSERT_EQ(parsed->seconds, seconds) << text;
  }
}

TEST(TimeText, RefusesWhatIsNoTime) {
  for (const char* bad : {"", "2030-01-31", "2030-13-01T00:00:00Z", "2030-02-29T00:00:00Z", "2030-01-01T24:00:00Z",
                          "2030-01-01T00:60:00Z", "2030-01-01T00:00:60Z", "2030-01-01T00:00:00", "2030-01-01 00:00:00Z",
                          "2030-01-01T00:00:00.Z", "2030-01-01T00:00:00.1234567890Z", "2030-01-01T00:00:00+24:00",
                          "2030-01-01T00:00:00Zx", "9999-12-31T23:59:59-00:01", "+030-01-01T00:00:00Z"}) {
    EXPECT_FALSE(ParseTimestamp(bad)) << bad;
  }
  for (const char* bad : {"", "s", "1", "1.s", ".5s", "1.1234567890s", "--1s", "1S", "+1s", "1s "}) {
    EXPECT_FALSE(ParseDuration(bad)) << bad;
  }
  std::string out;
  EXPECT_FALSE(AppendDuration({1, -1}, &out));
  EXPECT_FALSE(AppendTimestamp({0, -1}, &out));
}

}  // namespace
}  // namespace gateway
