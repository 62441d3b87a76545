#include "gateway/json_reader.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "tests/unit/gateway/plans.h"

namespace gateway {
namespace {

using gateway_testing::v1::Kinds;

// What both our reader and protobuf's take, and must understand alike.
class SharedReading : public testing::TestWithParam<const char*> {};

TEST_P(SharedReading, AgreesWithProtobuf) {
  Kinds ours;
  Kinds theirs;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(GetParam(), &theirs).ok());
  ASSERT_EQ(ReadAs(GetParam(), &ours), "");
  EXPECT_EQ(ours.ShortDebugString(), theirs.ShortDebugString());
}

INSTANTIATE_TEST_SUITE_P(
    All, SharedReading,
    testing::Values(
        R"({})", R"({"aDouble":1.5})", R"({"a_double":-1e300})", R"({"aDouble":"NaN"})", R"({"aDouble":"-Infinity"})",
        R"({"aDouble":"1.25"})", R"({"aDouble":3})", R"({"aFloat":1.5})", R"({"aFloat":"Infinity"})",
        R"({"anInt32":2147483647})", R"({"anInt32":-2147483648})", R"({"anInt32":"12"})", R"({"anInt32":1.0})",
        R"({"anInt32":1e3})", R"({"anInt64":"9223372036854775807"})", R"({"anInt64":-9223372036854775808})",
        R"({"aUint32":4294967295})", R"({"aUint64":"18446744073709551615"})", R"({"aUint64":18446744073709551615})",
        R"({"aSint32":-5})", R"({"aSint64":"-6"})", R"({"aFixed32":7})", R"({"aFixed64":"8"})", R"({"anSfixed32":-9})",
        R"({"anSfixed64":"-10"})", R"({"aBool":true})", R"({"aBool":false})", R"({"aString":"caf\u00e9 \ud83d\ude00"})",
        R"({"aString":""})", R"({"someBytes":"AQID"})", R"({"someBytes":"-_8="})", R"({"someBytes":"+/8="})",
        R"({"color":"COLOR_RED"})", R"({"color":2})", R"({"color":77})", R"({"color":-1})",
        R"({"inner":{"name":"n","child":{"number":3}}})", R"({"inner":{}})", R"({"int32s":[1,2,300,-1]})",
        R"({"int32s":[]})", R"({"strings":["a","","b"]})", R"({"inners":[{"name":"a"},{}]})",
        R"({"colors":["COLOR_RED",2]})", R"({"doubles":[1,2.5,"NaN"]})", R"({"unpacked":[1,2]})",
        R"({"bools":[true,false]})", R"({"labels":{"a":"1"}})", R"({"byNumber":{"-7":{"name":"x"}}})",
        R"({"byBool":{"true":"5"}})", R"({"choiceText":"a"})", R"({"choiceNumber":0})",
        R"({"choiceInner":{"name":"x"}})", R"({"choiceText":null})", R"({"maybeText":""})", R"({"maybeNumber":0})",
        R"({"maybeText":null})", R"({"timestamp":"2030-01-31T12:30:00Z"})",
        R"({"timestamp":"2030-01-31T12:30:00.123456789+02:00"})", R"({"timestamp":"0001-01-01T00:00:00Z"})",
        R"({"timestamp":"9999-12-31T23:59:59.999999999Z"})", R"({"timestamp":"1969-12-31T23:59:59.5Z"})",
        R"({"duration":"1.5s"})", R"({"duration":"-0.25s"})", R"({"duration":"315576000000s"})",
        R"({"mask":"aString,inner.name"})", R"({"mask":""})",
        R"({"structure":{"a":1,"b":[true,null,"x"],"c":{"d":1.5}}})", R"({"value":null})", R"({"value":3})",
        R"({"value":[1,{"a":null}]})", R"({"list":[1,"a",null]})", R"({"stringValue":"x"})", R"({"stringValue":""})",
        R"({"stringValue":null})", R"({"int64Value":"5"})", R"({"int64Value":5})", R"({"boolValue":true})",
        R"({"bytesValue":"AQ=="})", R"({"doubleValue":0.5})", R"({"nullValue":null})", R"({"timestamp":null})",
        R"({"timestamps":["2030-01-31T12:30:00Z"]})", R"({"farField":"x","newName":"y"})", R"({"renamed":"y"})",
        R"({"strings":null})", R"({"labels":null})", R"({"inner":null})"));

struct Refused {
  const char* json;
  const char* error;  // "field: " and the words behind
};

void PrintTo(const Refused& c, std::ostream* out) { *out << c.json; }

class Refusing : public testing::TestWithParam<Refused> {};

TEST_P(Refusing, NamesTheField) {
  Kinds message;
  EXPECT_EQ(ReadAs(GetParam().json, &message), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    All, Refusing,
    testing::ValuesIn(std::vector<Refused>{
        {R"([])", ": must be an object"},
        {R"("x")", ": must be an object"},
        {R"({"nope":1})", "nope: is not known"},
        {R"({"inner":{"nope":1}})", "inner.nope: is not known"},
        {R"({"inners":[{},{"nope":1}]})", "inners[1].nope: is not known"},
        {R"({"aString":1})", "aString: must be a string"},
        {R"({"a_string":true})", "a_string: must be a string"},
        {R"({"aString":{}})", "aString: must be a string"},
        {R"({"aString":["x"]})", "aString: must be a string"},
        {R"({"aBool":"true"})", "aBool: must be true or false"},
        {R"({"aBool":1})", "aBool: must be true or false"},
        {R"({"anInt32":2147483648})", "anInt32: must lie between -2147483648 and 2147483647"},
        {R"({"anInt32":"-2147483649"})", "anInt32: must lie between -2147483648 and 2147483647"},
        {R"({"anInt32":1.5})", "anInt32: must be a whole number"},
        {R"({"anInt32":"1.5"})", "anInt32: must be a whole number"},
        {R"({"anInt32":""})", "anInt32: must be a whole number"},
        {R"({"anInt32":" 1"})", "anInt32: must be a whole number"},
        {R"({"anInt32":"+1"})", "anInt32: must be a whole number"},
        {R"({"anInt32":true})", "anInt32: must be a whole number"},
        {R"({"anInt64":1e30})", "anInt64: is out of range"},
        {R"({"aUint32":-1})", "aUint32: must lie between 0 and 4294967295"},
        {R"({"aUint64":"-1"})", "aUint64: must lie between 0 and 18446744073709551615"},
        {R"({"aFloat":1e39})", "aFloat: is out of range"},
        {R"({"aFloat":"1e39"})", "aFloat: is out of range"},
        {R"({"aDouble":"1e999"})", "aDouble: is out of range"},
        {R"({"aDouble":"nan"})", "aDouble: must be a number"},
        {R"({"aDouble":"inf"})", "aDouble: must be a number"},
        {R"({"aDouble":"0x10"})", "aDouble: must be a number"},
        {R"({"aDouble":"1."})", "aDouble: must be a number"},
        {R"({"aDouble":true})", "aDouble: must be a number"},
        {R"({"someBytes":"A"})", "someBytes: must be base64"},
        {R"({"someBytes":"A*=="})", "someBytes: must be base64"},
        {R"({"someBytes":"AQ="})", "someBytes: must be base64"},
        {R"({"someBytes":5})", "someBytes: must be a base64 string"},
        {R"({"color":"GREEN"})", "color: is no value of this enum"},
        {R"({"color":"1"})", "color: is no value of this enum"},
        {R"({"color":1.5})", "color: must be a name or number of this enum"},
        {R"({"color":4294967296})", "color: must be a name or number of this enum"},
        {R"({"inner":5})", "inner: must be an object"},
        {R"({"inner":[]})", "inner: must be an object"},
        {R"({"int32s":5})", "int32s: must be an array"},
        {R"({"int32s":{}})", "int32s: must be an array"},
        {R"({"int32s":[1,"x"]})", "int32s[1]: must be a whole number"},
        {R"({"strings":["a",null]})", "strings[1]: must not be null"},
        {R"({"labels":[]})", "labels: must be an object"},
        {R"({"labels":{"a":1}})", "labels.a: must be a string"},
        {R"({"labels":{"a":null}})", "labels.a: must not be null"},
        {R"({"byNumber":{"x":{}}})", "byNumber.x: as a key must be a whole number"},
        {R"({"byBool":{"yes":1}})", "byBool.yes: as a key must be true or false"},
        {R"({"choiceText":"a","choiceNumber":1})", "choiceNumber: cannot be given together with choice_text"},
        {R"({"anInt32":1,"an_int32":2})", "an_int32: is given twice"},
        {R"({"timestamp":"2030-02-30T00:00:00Z"})", "timestamp: must be an RFC 3339 time such as 2030-01-31T12:00:00Z"},
        {R"({"timestamp":"2030-01-31"})", "timestamp: must be an RFC 3339 time such as 2030-01-31T12:00:00Z"},
        {R"({"timestamp":1})", "timestamp: must be a string"},
        {R"({"timestamp":"0000-01-01T00:00:00Z"})", "timestamp: must be an RFC 3339 time such as 2030-01-31T12:00:00Z"},
        {R"({"duration":"1.5"})", "duration: must be seconds such as 1.5s"},
        {R"({"duration":"315576000001s"})", "duration: must be seconds such as 1.5s"},
        {R"({"mask":["a"]})", "mask: must be a string"},
        {R"({"mask":"a,,b"})", "mask: must hold field paths between commas"},
        {R"({"structure":[]})", "structure: must be an object"},
        {R"({"list":{}})", "list: must be an array"},
        {R"({"stringValue":1})", "stringValue: must be a string"},
        {R"({"nullValue":"x"})", "nullValue: is no value of this enum"},
        {R"({"any":{"@type":"x"}})", "any.@type: names no type that is known here"},
        {R"({"any":{"@type":"type.googleapis.com/no.Such"}})", "any.@type: names no type that is known here"},
        {R"({"any":{"x":1}})", "any: needs an \"@type\""},
        {R"({"any":{"@type":"x/gateway_testing.v1.Inner","nope":1}})", "any.nope: is not known"},
        {R"({"any":{"@type":"x/google.protobuf.Duration"}})",
         "any: needs a \"value\" beside \"@type\", and nothing else"},
        {R"({"any":{"@type":"x/google.protobuf.Duration","value":"x"}})", "any.value: must be seconds such as 1.5s"},
    }));

TEST(JsonReader, TakesJsonNamesOfEnumValues) {
  Kinds message;
  ASSERT_EQ(ReadAs(R"({"color":"red"})", &message), "");
  EXPECT_EQ(message.color(), gateway_testing::v1::COLOR_RED);
}

TEST(JsonReader, MayIgnoreUnknownNames) {
  Kinds message;
  JsonReadOptions options;
  options.ignore_unknown = true;
  ASSERT_EQ(ReadAs(R"({"nope":1,"inner":{"nope":[1],"name":"x"}})", &message, options), "");
  EXPECT_EQ(message.inner().name(), "x");
}

TEST(JsonReader, ReadsMessagesLongerThanOneLengthByte) {
  Kinds message;
  const std::string text(300, 'x');
  ASSERT_EQ(ReadAs(R"({"inner":{"child":{"name":")" + text + R"("},"number":7}})", &message), "");
  EXPECT_EQ(message.inner().child().name(), text);
  EXPECT_EQ(message.inner().number(), 7);
}

TEST(JsonReader, NotesTheFieldsThatWereSent) {
  Kinds message;
  std::vector<std::string> sent;
  JsonReadOptions options;
  options.sent = &sent;
  ASSERT_EQ(
      ReadAs(R"({"aString":"x","inner":{"name":null,"child":{"number":1}},"labels":{"a":"b"},"inners":[{"name":"x"}],
                       "timestamp":"2030-01-31T12:30:00Z","maybeText":null,"structure":{"a":1},"choiceInner":{}})",
             &message, options),
      "");
  EXPECT_THAT(sent, testing::ElementsAre("a_string", "inner.name", "inner.child.number", "labels", "inners",
                                         "timestamp", "maybe_text", "structure", "choice_inner"));
}

}  // namespace
}  // namespace gateway
