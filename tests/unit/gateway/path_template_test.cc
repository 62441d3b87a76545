#include "gateway/path_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway {
namespace {

class GoodTemplate : public testing::TestWithParam<const char*> {};

TEST_P(GoodTemplate, IsTaken) {
  const auto path = PathTemplate::Parse(GetParam());
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_EQ(path->text(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, GoodTemplate,
                         testing::Values("/a", "/a/b", "/*", "/**", "/a/*/b", "/{x}", "/{x=*}", "/{x=**}", "/{x.y.z}",
                                         "/{x=a/*/b/**}", "/a/**/b/c", "/{x=**}/tail", "/a:verb", "/{x}:verb",
                                         "/**:verb", "/{x=a/**}:verb", "/a/{x}/b/{y}", "/{x=literal}", "/v1.2/a-b_c~d",
                                         "/two%20words"));

class BadTemplate : public testing::TestWithParam<const char*> {};

TEST_P(BadTemplate, IsRefused) {
  const auto path = PathTemplate::Parse(GetParam());
  EXPECT_EQ(path.status().code(), absl::StatusCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(All, BadTemplate,
                         testing::Values("", "a", "/", "//", "/{}", "/a/", "/a//b", "/:verb", "/*:", "/a:", "/a{x}",
                                         "/{x}a", "/{x", "/x}", "/{x={y}}", "/{x=a/{y}}", "/a/**/*", "/**/{x}",
                                         "/**/**", "/***", "/a*", "/*a", "/{x=}", "/{x=a//b}", "/{x.}", "/{.x}",
                                         "/{1x}", "/{x}/{x}", "/a b", "/a?b", "/a#b", "/a:b:c", "/{x=/a}", "/{x}}",
                                         "/a:b/c", "/\x01", "/%", "/%4", "/%zz", "/a:%zz"));

TEST(PathTemplate, SplitsIntoSegmentsVariablesAndVerb) {
  const auto path = PathTemplate::Parse("/v1/{name.first=shelves/*/books/**}/end:read");
  ASSERT_TRUE(path.ok());
  ASSERT_EQ(path->segments().size(), 6u);
  EXPECT_EQ(path->segments()[0].literal, "v1");
  EXPECT_EQ(path->segments()[2].kind, PathTemplate::Kind::kSingle);
  EXPECT_EQ(path->segments()[4].kind, PathTemplate::Kind::kMulti);
  ASSERT_EQ(path->variables().size(), 1u);
  EXPECT_THAT(path->variables()[0].field_path, testing::ElementsAre("name", "first"));
  EXPECT_EQ(path->variables()[0].first, 1u);
  EXPECT_EQ(path->variables()[0].count, 4u);
  EXPECT_TRUE(path->variables()[0].is_multi);
  EXPECT_EQ(path->verb(), "read");
}

}  // namespace
}  // namespace gateway
