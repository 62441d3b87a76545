#include "gateway/query_binder.h"

#include <gtest/gtest.h>

#include "tests/unit/gateway/plans.h"

namespace gateway {
namespace {

using gateway_testing::v1::Kinds;

struct QueryCase {
  const char* query;
  const char* message;  // in protobuf's short text form; or, where it begins with `!`, the error
};

void PrintTo(const QueryCase& c, std::ostream* out) { *out << c.query; }

class Query : public testing::TestWithParam<QueryCase> {};

TEST_P(Query, BindsOrNamesTheField) {
  std::string bytes;
  const auto error = BindQuery(PlanOf<Kinds>(), GetParam().query, {}, &bytes);
  if (error) {
    EXPECT_EQ("!" + error->field + ": " + error->message, GetParam().message);
    return;
  }
  Kinds message;
  ASSERT_TRUE(message.ParseFromString(bytes));
  EXPECT_EQ(message.ShortDebugString(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, Query,
    testing::ValuesIn(std::vector<QueryCase>{
        {"", ""},
        {"&&", ""},
        {"aString=x", "a_string: \"x\""},
        {"a_string=x", "a_string: \"x\""},
        {"a_string=", ""},
        {"maybe_text=", "maybe_text: \"\""},
        {"maybe_text", "maybe_text: \"\""},
        {"a_string=a+b%20c%2B", "a_string: \"a b c+\""},
        {"a_string=a=b", "a_string: \"a=b\""},
        {"a%5Fstring=x", "a_string: \"x\""},
        {"newName=x", "renamed: \"x\""},
        {"an_int32=-5", "an_int32: -5"},
        {"a_uint64=18446744073709551615", "a_uint64: 18446744073709551615"},
        {"a_sint32=-5&a_sint64=-6", "a_sint32: -5 a_sint64: -6"},
        {"a_fixed32=5&an_sfixed64=-6", "a_fixed32: 5 an_sfixed64: -6"},
        {"a_double=1.5e3&a_float=-2.5", "a_double: 1500 a_float: -2.5"},
        {"a_bool=true", "a_bool: true"},
        {"some_bytes=-_8", "some_bytes: \"\\373\\377\""},
        {"some_bytes=%2B/8%3D", "some_bytes: \"\\373\\377\""},
        {"color=red", "color: COLOR_RED"},
        {"color=COLOR_RED", "color: COLOR_RED"},
        {"color=2", "color: COLOR_BLUE"},
        {"color=-1", "color: COLOR_NEGATIVE"},
        {"strings=a&strings=&strings=b", "strings: \"a\" strings: \"\" strings: \"b\""},
        {"int32s=1&int32s=2", "int32s: 1 int32s: 2"},
        {"colors=red&colors=2", "colors: COLOR_RED colors: COLOR_BLUE"},
        {"inner.name=x&inner.child.number=5", "inner { name: \"x\" child { number: 5 } }"},
        {"inner.words=a&inner.words=b", "inner { words: \"a\" words: \"b\" }"},
        {"timestamp=1970-01-01T00:00:05Z", "timestamp { seconds: 5 }"},
        {"duration=1.5s", "duration { seconds: 1 nanos: 500000000 }"},
        {"mask=aString,inner.name", "mask { paths: \"a_string\" paths: \"inner.name\" }"},
        {"string_value=x", "string_value { value: \"x\" }"},
        {"int64_value=5", "int64_value { value: 5 }"},
        {"bool_value=false", "bool_value { }"},
        {"choice_text=x", "choice_text: \"x\""},
        {"choice_inner.name=a&choice_inner.number=5", "choice_inner { name: \"a\" number: 5 }"},
        {"far_field=x", "far_field: \"x\""},
        {"nope=1", "!nope: is not known"},
        {"inner.nope=1", "!inner.nope: is not known"},
        {"a_string.x=1", "!a_string.x: is not known"},
        {"strings.x=1", "!strings.x: is not known"},
        {"=1", "!: is not known"},
        {"access_token=secret", "!access_token: is not known"},
        {"a_string=1&a_string=2", "!a_string: is given twice"},
        {"a_string=1&aString=2", "!aString: is given twice"},
        {"inner.name=1&inner.name=2", "!inner.name: is given twice"},
        {"choice_text=1&choice_number=2", "!choice_number: cannot be given together with choice_text"},
        {"choice_text=1&choice_inner.name=2", "!choice_inner.name: cannot be given together with choice_text"},
        {"inner=x", "!inner: cannot be given in a query"},
        {"inners=x", "!inners: cannot be given in a query"},
        {"inners.name=x", "!inners.name: is not known"},
        {"labels=x", "!labels: cannot be given in a query"},
        {"labels.a=x", "!labels.a: is not known"},
        {"structure=x", "!structure: cannot be given in a query"},
        {"an_int32=", "!an_int32: must be a whole number"},
        {"an_int32=1.5", "!an_int32: must be a whole number"},
        {"an_int32=2147483648", "!an_int32: must lie between -2147483648 and 2147483647"},
        {"a_uint32=-1", "!a_uint32: must lie between 0 and 4294967295"},
        {"a_bool=1", "!a_bool: must be true or false"},
        {"a_double=x", "!a_double: must be a number"},
        {"color=green", "!color: is no value of this enum"},
        {"some_bytes=%21", "!some_bytes: must be base64"},
        {"timestamp=now", "!timestamp: must be an RFC 3339 time such as 2030-01-31T12:00:00Z"},
        {"a_string=%zz", "!a_string: holds a malformed percent escape"},
        {"a%=1", "!: the query holds a malformed percent escape"},
        {"a_string=%ff", "!a_string: must be valid UTF-8"},
    }));

TEST(QueryBinder, KeepsOutOfTheBody) {
  const MessagePlan& plan = PlanOf<Kinds>();
  QueryOptions options;
  options.body_field = plan.FindByName("inner");
  std::string bytes;
  const auto error = BindQuery(plan, "inner.name=x", options, &bytes);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "belongs in the body");
  options = {};
  options.body_is_whole = true;
  EXPECT_TRUE(BindQuery(plan, "a_string=x", options, &bytes));
}

TEST(QueryBinder, MayIgnoreUnknownNames) {
  QueryOptions options;
  options.ignore_unknown = true;
  std::string bytes;
  EXPECT_FALSE(BindQuery(PlanOf<Kinds>(), "nope=1&utm.source=x", options, &bytes));
  EXPECT_EQ(bytes, "");
}

}  // namespace
}  // namespace gateway
