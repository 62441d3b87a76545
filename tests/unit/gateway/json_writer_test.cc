#include "gateway/json_writer.h"

#include <gtest/gtest.h>

#include "gateway/wire.h"
#include "tests/unit/gateway/plans.h"

namespace gateway {
namespace {

using gateway_testing::v1::BookAnswer;
using gateway_testing::v1::Inner;
using gateway_testing::v1::Kinds;

std::string Write(std::string_view bytes, const JsonStyle& style = {}) {
  std::string out;
  const absl::Status status = WriteJsonMessage(PlanOf<Kinds>(), bytes, style, &out);
  return status.ok() ? out : std::string(absl::StatusCodeToString(status.code()));
}

std::string WriteInner(std::string_view bytes, const JsonStyle& style) {
  std::string out;
  EXPECT_TRUE(WriteJsonMessage(PlanOf<Inner>(), bytes, style, &out).ok());
  return out;
}

TEST(JsonWriter, WritesNothingThatIsNotSet) { EXPECT_EQ(Write(""), "{}"); }

TEST(JsonWriter, LeavesOutDefaultsThatStandOnTheWire) {
  std::string bytes;
  wire::AppendTag(3, wire::Type::kVarint, &bytes);
  wire::AppendVarint(0, &bytes);
  EXPECT_EQ(Write(bytes), "{}");
}

TEST(JsonWriter, EmitsDefaultsAndNullsWhenAsked) {
  EXPECT_EQ(WriteInner("", {true, true, true}), R"({"name":"","number":0,"child":null,"words":[]})");
  EXPECT_EQ(WriteInner("", {true, true, false}), R"({"name":"","number":0,"words":[]})");
  EXPECT_EQ(WriteInner("", {true, false, true}), R"({"child":null})");
}

TEST(JsonWriter, NeverWritesUnsetMembersOfAOneof) {
  const std::string all = Write("", {true, true, true});
  EXPECT_EQ(all.find("choice_"), std::string::npos);
  EXPECT_NE(all.find("\"maybe_text\":null"), std::string::npos);
  EXPECT_NE(all.find("\"timestamp\":null"), std::string::npos);
}

TEST(JsonWriter, SpellsNamesAsAsked) {
  Kinds message;
  message.set_a_string("x");
  message.set_renamed("y");
  EXPECT_EQ(Write(message.SerializeAsString()), R"({"aString":"x","newName":"y"})");
  EXPECT_EQ(Write(message.SerializeAsString(), {true, false, false}), R"({"a_string":"x","renamed":"y"})");
}

TEST(JsonWriter, SpellsEnumsByTheirJsonNames) {
  Kinds message;
  message.add_colors(gateway_testing::v1::COLOR_RED);
  message.add_colors(gateway_testing::v1::COLOR_BLUE);
  message.add_colors(static_cast<gateway_testing::v1::Color>(99));
  message.add_colors(gateway_testing::v1::COLOR_NEGATIVE);
  EXPECT_EQ(Write(message.SerializeAsString()), R"({"colors":["red","COLOR_BLUE",99,"COLOR_NEGATIVE"]})");
}

TEST(JsonWriter, MergesWhatTheWireRepeats) {
  Kinds first;
  first.set_a_string("old");
  first.mutable_inner()->set_name("n");
  first.mutable_inner()->add_words("a");
  first.add_int32s(1);
  (*first.mutable_labels())["k"] = "old";
  Kinds second;
  second.set_a_string("new");
  second.mutable_inner()->set_number(2);
  second.mutable_inner()->add_words("b");
  second.add_int32s(2);
  (*second.mutable_labels())["k"] = "new";
  EXPECT_EQ(
      Write(first.SerializeAsString() + second.SerializeAsString()),
      R"({"aString":"new","inner":{"name":"n","number":2,"words":["a","b"]},"int32s":[1,2],"labels":{"k":"new"}})");
}

TEST(JsonWriter, TakesPackedAndUnpackedLists) {
  std::string bytes;
  wire::AppendTag(21, wire::Type::kVarint, &bytes);  // declared packed
  wire::AppendVarint(1, &bytes);
  wire::AppendTag(21, wire::Type::kBytes, &bytes);
  wire::AppendBytes(std::string("\x02\x03", 2), &bytes);
  wire::AppendTag(26, wire::Type::kBytes, &bytes);  // declared unpacked
  wire::AppendBytes(std::string("\x04\x05", 2), &bytes);
  EXPECT_EQ(Write(bytes), R"({"int32s":[1,2,3],"unpacked":[4,5]})");
}

TEST(JsonWriter, TakesFieldsInAnyOrder) {
  std::string bytes;
  wire::AppendTag(14, wire::Type::kBytes, &bytes);
  wire::AppendBytes("s", &bytes);
  wire::AppendTag(3, wire::Type::kVarint, &bytes);
  wire::AppendVarint(5, &bytes);
  EXPECT_EQ(Write(bytes), R"({"anInt32":5,"aString":"s"})");
}

TEST(JsonWriter, TakesTheLastMemberOfAOneof) {
  Kinds text;
  text.set_choice_text("a");
  Kinds inner;
  inner.mutable_choice_inner()->set_name("x");
  EXPECT_EQ(Write(text.SerializeAsString() + inner.SerializeAsString()), R"({"choiceInner":{"name":"x"}})");
  EXPECT_EQ(Write(inner.SerializeAsString() + text.SerializeAsString()), R"({"choiceText":"a"})");
  EXPECT_EQ(Write(inner.SerializeAsString() + text.SerializeAsString() + "\xda\x02\x02\x10\x05"),
            R"({"choiceInner":{"number":5}})");
}

TEST(JsonWriter, PassesOverUnknownFieldsAndOtherWireTypes) {
  std::string bytes;
  wire::AppendTag(999, wire::Type::kBytes, &bytes);
  wire::AppendBytes("zzz", &bytes);
  wire::AppendTag(14, wire::Type::kVarint, &bytes);  // a string as a varint
  wire::AppendVarint(5, &bytes);
  bytes += "\xa3\x06\x08\x01\xa4\x06";  // a group
  EXPECT_EQ(Write(bytes), "{}");
}

TEST(JsonWriter, WritesInvalidUtf8AsReplacements) {
  std::string bytes;
  wire::AppendTag(14, wire::Type::kBytes, &bytes);
  wire::AppendBytes("a\xff", &bytes);
  EXPECT_EQ(Write(bytes), "{\"aString\":\"a\xef\xbf\xbd\"}");
}

TEST(JsonWriter, FailsOnWhatIsNoMessage) {
  EXPECT_EQ(Write("\x0a"), "INTERNAL");
  EXPECT_EQ(Write("\x72\x05"
                  "ab"),
            "INTERNAL");
  EXPECT_EQ(Write(std::string(11, '\xff')), "INTERNAL");
  EXPECT_EQ(Write(std::string("\x00\x01", 2)), "INTERNAL");
  Kinds late;
  late.mutable_timestamp()->set_seconds(253402300800);
  EXPECT_EQ(Write(late.SerializeAsString()), "INTERNAL");
}

TEST(JsonWriter, FailsOnAny) {
  Kinds message;
  message.mutable_any()->set_type_url("x/y");
  EXPECT_EQ(Write(message.SerializeAsString()), "UNIMPLEMENTED");
}

TEST(JsonWriter, FailsOnEndlessNesting) {
  Inner inner;
  Inner* at = &inner;
  for (int i = 0; i < 99; ++i) at = at->mutable_child();
  std::string bytes = inner.SerializeAsString();
  std::string out;
  EXPECT_TRUE(WriteJsonMessage(PlanOf<Inner>(), bytes, {}, &out).ok());
  at = at->mutable_child()->mutable_child();
  bytes = inner.SerializeAsString();
  EXPECT_FALSE(WriteJsonMessage(PlanOf<Inner>(), bytes, {}, &out).ok());
}

struct FieldCase {
  const char* field;
  const char* json;
};

void PrintTo(const FieldCase& c, std::ostream* out) { *out << c.field; }

class FieldWriting : public testing::TestWithParam<FieldCase> {};

TEST_P(FieldWriting, OfAnEmptyMessage) {
  const MessagePlan& plan = PlanOf<Kinds>();
  std::string out;
  ASSERT_TRUE(WriteJsonField(plan, *plan.FindByName(GetParam().field), "", {}, &out).ok());
  EXPECT_EQ(out, GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(All, FieldWriting,
                         testing::ValuesIn(std::vector<FieldCase>{{"strings", "[]"},
                                                                  {"labels", "{}"},
                                                                  {"inner", "null"},
                                                                  {"a_string", "\"\""},
                                                                  {"an_int64", "\"0\""},
                                                                  {"color", "\"COLOR_UNSPECIFIED\""},
                                                                  {"timestamp", "null"},
                                                                  {"maybe_text", "null"}}));

TEST(JsonWriter, WritesOneField) {
  Kinds message;
  message.add_strings("a");
  message.set_a_string("not this");
  const MessagePlan& plan = PlanOf<Kinds>();
  std::string out;
  ASSERT_TRUE(WriteJsonField(plan, *plan.FindByName("strings"), message.SerializeAsString(), {}, &out).ok());
  EXPECT_EQ(out, R"(["a"])");
}

TEST(JsonWriter, GivesTheTextOfAFieldForUrls) {
  BookAnswer answer;
  answer.mutable_item()->mutable_inner()->set_name("a/b");
  answer.mutable_item()->set_an_int64(5);
  const MessagePlan& plan = PlanOf<BookAnswer>();
  std::string text;
  ASSERT_TRUE(AppendFieldText(*ResolvePath(plan, "item.inner.name"), answer.SerializeAsString(), &text).ok());
  EXPECT_EQ(text, "a/b");
  text.clear();
  ASSERT_TRUE(AppendFieldText(*ResolvePath(plan, "item.an_int64"), answer.SerializeAsString(), &text).ok());
  EXPECT_EQ(text, "5");
  text.clear();
  ASSERT_TRUE(AppendFieldText(*ResolvePath(plan, "request.book"), answer.SerializeAsString(), &text).ok());
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace gateway
