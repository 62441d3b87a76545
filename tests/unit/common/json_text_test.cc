#include "common/json/json_text.h"

#include <gtest/gtest.h>

#include "common/json/json_document.h"

namespace json {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendString(text, &out);
  return out;
}

TEST(JsonText, EscapesWhatMustBe) {
  EXPECT_EQ(Quoted(""), "\"\"");
  EXPECT_EQ(Quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Quoted("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(Quoted(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
  EXPECT_EQ(Quoted("é😀"), "\"é😀\"");
}

TEST(JsonText, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(Quoted("a\xff z"), "\"a\xef\xbf\xbd z\"");
  EXPECT_EQ(Quoted("é\x80"), "\"é\xef\xbf\xbd\"");
  EXPECT_EQ(Quoted("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(JsonText, MakesAStringThatParsesBackForEveryByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = {'x', static_cast<char>(byte), 'y'};
    const absl::StatusOr<Document> document = Document::Parse(Quoted(text));
    ASSERT_TRUE(document.ok()) << byte;
    const std::string expected = byte < 128 ? text : "x\xef\xbf\xbdy";
    EXPECT_EQ(document->root().get_string().value(), expected) << byte;
  }
}

// Text is looked at some bytes at a time: what must be escaped is found wherever it stands.
TEST(JsonText, MissesNothingWhereverItStands) {
  for (const std::string special : {"\"", "\\", "\n", "\x7f", "é", "😀", "\xff"}) {
    const std::string quoted = Quoted(special);
    const std::string escaped = quoted.substr(1, quoted.size() - 2);
    for (size_t before = 0; before < 20; ++before) {
      for (size_t behind = 0; behind < 20; ++behind) {
        const std::string a(before, 'a');
        const std::string z(behind, '~');
        EXPECT_EQ(Quoted(a + special + z), "\"" + a + escaped + z + "\"");
        EXPECT_EQ(Quoted(a + special + special + z), "\"" + a + escaped + escaped + z + "\"");
      }
    }
  }
}

TEST(JsonText, KnowsUtf8) {
  for (const char* good : {"", "a", "é", "€", "😀", "\xf4\x8f\xbf\xbf"}) EXPECT_TRUE(IsValidUtf8(good));
  for (const char* bad : {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xc3"})
    EXPECT_FALSE(IsValidUtf8(bad));
}

}  // namespace
}  // namespace json
