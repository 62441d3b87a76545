#include "common/json/json_document.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace json {
namespace {

std::string Nested(int depth) {
  return std::string(static_cast<size_t>(depth), '[') + std::string(static_cast<size_t>(depth), ']');
}

TEST(JsonDocument, RefusesWhatIsNotStrictJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "[1,]",
                           "{\"a\":1,}",
                           "{'a':1}",
                           "{a:1}",
                           "[01]",
                           "[+1]",
                           "[.5]",
                           "[1.]",
                           "[0x1]",
                           "[NaN]",
                           "[Infinity]",
                           "[\"\t\"]",
                           "[\"\\x\"]",
                           "[\"\\ud800\"]",
                           "[tru]",
                           "[1] x",
                           "[1][2]",
                           "//c\n1",
                           "[99999999999999999999]",
                           "[1e999]",
                           "\xef\xbb\xbf{}",
                           "[\"\xff\"]",
                           "[\"\xc0\xaf\"]",
                           "[\"\xed\xa0\x80\"]"}) {
    EXPECT_FALSE(Document::Parse(text).ok()) << text;
  }
  EXPECT_FALSE(Document::Parse(std::string("[1\0]", 4)).ok());
}

TEST(JsonDocument, RefusesANameThatStandsTwiceAndNamesIt) {
  for (const char* text : {R"({"a":1,"a":2})", R"({"a":1,"\u0061":2})", R"([{"x":{"a":1,"b":2,"a":3}}])"}) {
    const absl::StatusOr<Document> document = Document::Parse(text);
    ASSERT_FALSE(document.ok()) << text;
    EXPECT_NE(document.status().message().find("\"a\""), std::string::npos) << document.status();
  }
  std::string many = "{";
  for (int i = 0; i < 100; ++i) many += "\"n" + std::to_string(i) + "\":0,";
  EXPECT_FALSE(Document::Parse(many + "\"n50\":0}").ok());
  EXPECT_TRUE(Document::Parse(many + "\"n100\":0}").ok());
}

TEST(JsonDocument, NestsAsDeepAsTheLimitAndNoDeeper) {
  EXPECT_TRUE(Document::Parse(Nested(16)).ok());
  EXPECT_FALSE(Document::Parse(Nested(17)).ok());
  EXPECT_TRUE(Document::Parse(Nested(3), {.max_depth = 3}).ok());
  EXPECT_FALSE(Document::Parse(Nested(4), {.max_depth = 3}).ok());
  // A level counts whether or not it holds anything.
  EXPECT_TRUE(Document::Parse("[[[1]]]", {.max_depth = 3}).ok());
  EXPECT_TRUE(Document::Parse(R"([{"a":{"b":1}}])", {.max_depth = 3}).ok());
  EXPECT_FALSE(Document::Parse("[[[[]]]]", {.max_depth = 3}).ok());
  EXPECT_FALSE(Document::Parse(std::string(100000, '[')).ok());
}

TEST(JsonDocument, ParsesEveryKindOfValue) {
  for (const char* text :
       {"1", "-1", "1.5e3", "18446744073709551615", "-9223372036854775808", "\"\\u00e9\\ud83d\\ude00\"", "true",
        "false", "null", "[]", "{}", " {\"a\":[1,{\"a\":2}]} "}) {
    EXPECT_TRUE(Document::Parse(text).ok()) << text;
  }
}

TEST(JsonDocument, TakesBigIntegersAsDoublesWhereItIsTold) {
  const Limits limits = {.takes_big_integers = true};
  const auto parsed = Document::Parse(
      R"({"a\\":[100000000000000000000,-99999999999999999999,18446744073709551616],"b":"99999999999999999999\"1",)"
      R"("c":18446744073709551615,"d":-9223372036854775808})",
      limits);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(double(parsed->root()["a\\"].at(0)), 1e20);
  EXPECT_EQ(double(parsed->root()["a\\"].at(1)), -1e20);
  EXPECT_EQ(double(parsed->root()["a\\"].at(2)), 18446744073709551616.0);
  EXPECT_EQ(std::string_view(parsed->root()["b"]), "99999999999999999999\"1");
  // What 64 bits hold stays exact.
  EXPECT_EQ(uint64_t(parsed->root()["c"]), 18446744073709551615u);
  EXPECT_EQ(int64_t(parsed->root()["d"]), std::numeric_limits<int64_t>::min());
  for (const std::string& bad :
       {std::string(400, '9'), std::string("1e999"), std::string("[00000000000000000000000]"),
        std::string("99999999999999999999 99999999999999999999"), std::string("--99999999999999999999"),
        std::string("99999999999999999999."), std::string("\"99999999999999999999"), std::string("+1"),
        std::string("{\"a\":99999999999999999999,\"a\":1}")}) {
    EXPECT_FALSE(Document::Parse(bad, limits).ok()) << bad;
  }
}

TEST(JsonDocument, KeepsItsViewsWhenItIsMoved) {
  absl::StatusOr<Document> first = Document::Parse(R"({"name":"value"})");
  ASSERT_TRUE(first.ok());
  const std::string_view view = first->root()["name"].get_string().value();
  const Document second = *std::move(first);
  EXPECT_EQ(view, "value");
  EXPECT_EQ(second.root()["name"].get_string().value(), "value");
}

}  // namespace
}  // namespace json
