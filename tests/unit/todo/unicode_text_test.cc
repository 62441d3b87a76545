#include "services/todo/unicode_text.h"

#include <gtest/gtest.h>

namespace todo {
namespace {

TEST(CountCharacters, CountsCodePointsNotBytes) {
  EXPECT_EQ(CountCharacters(""), 0u);
  EXPECT_EQ(CountCharacters("abc"), 3u);
  EXPECT_EQ(CountCharacters("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), 3u);
}

TEST(TrimWhiteSpace, TakesAllOfUnicodesWhiteSpaceFromBothEnds) {
  for (const char* space :
       {" ", "\t", "\n", "\v", "\f", "\r", "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x8a",
        "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"}) {
    EXPECT_EQ(TrimWhiteSpace(std::string(space) + "a" + space + "b" + space + space), std::string("a") + space + "b");
  }
}

TEST(TrimWhiteSpace, LeavesOtherCharacters) {
  for (const char* text : {"a", "\xe2\x80\x8b", "\xc3\xa0", "\xf0\x9f\x98\x80", "\xef\xbb\xbf"}) {
    EXPECT_EQ(TrimWhiteSpace(text), text);
  }
}

TEST(TrimWhiteSpace, LeavesNothingOfWhiteSpaceAlone) { EXPECT_EQ(TrimWhiteSpace(" \xe3\x80\x80\t"), ""); }

TEST(HasControlCharacter, FindsCategoryCc) {
  for (const char* text : {"a\tb", "\x01", "\x1f", "\x7f", "\xc2\x80", "\xc2\x9f"})
    EXPECT_TRUE(HasControlCharacter(text));
  EXPECT_TRUE(HasControlCharacter(std::string_view("a\0b", 3)));
  for (const char* text : {"", "a b", "\xc2\xa0", "\xc3\x80", "\xe2\x80\x8b"}) EXPECT_FALSE(HasControlCharacter(text));
}

}  // namespace
}  // namespace todo
