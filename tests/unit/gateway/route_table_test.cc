#include "gateway/route_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

struct TestRoute {
  const char* method;
  const char* path;
};

const std::vector<TestRoute>& Routes() {
  static const auto& routes = *new std::vector<TestRoute>{
      {"GET", "/tasks"},                     // 0
      {"POST", "/tasks"},                    // 1
      {"GET", "/tasks/{id}"},                // 2
      {"GET", "/tasks/metrics"},             // 3
      {"DELETE", "/tasks/{id}"},             // 4
      {"POST", "/tasks/{id}:undelete"},      // 5
      {"GET", "/files/{path=**}"},           // 6
      {"GET", "/files/{path=**}/meta"},      // 7
      {"GET", "/files/{path=**}:raw"},       // 8
      {"GET", "/{name=shelves/*/books/*}"},  // 9
      {"PEEK", "/tasks/{id}"},               // 10
      {"*", "/any"},                         // 11
      {"GET", "/deep/*/x"},                  // 12
      {"GET", "/deep/a/y"},                  // 13
      {"GET", "/deep/**"},                   // 14
      {"POST", "/tasks:batch"},              // 15
      {"HEAD", "/headed"},                   // 16
      {"GET", "/headed"},                    // 17
  };
  return routes;
}

RouteTable Build(bool reversed) {
  RouteTable::Builder builder;
  std::vector<size_t> order(Routes().size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (reversed) std::reverse(order.begin(), order.end());
  for (const size_t i : order) {
    const auto path = PathTemplate::Parse(Routes()[i].path);
    EXPECT_TRUE(builder.Add(Routes()[i].method, *path, i, "test").ok());
  }
  return std::move(builder).Build();
}

struct MatchCase {
  const char* method;
  const char* path;
  int route;  // -1: 404, -2: 405, -3: bad path
  std::vector<std::string> values;
};

void PrintTo(const MatchCase& c, std::ostream* out) { *out << c.method << " " << c.path; }

class Matching : public testing::TestWithParam<std::tuple<MatchCase, bool>> {};

TEST_P(Matching, FindsTheBestRoute) {
  const auto& [expected, reversed] = GetParam();
  const RouteTable table = Build(reversed);
  const RouteTable::Match match = table.Find(expected.method, expected.path);
  switch (match.outcome) {
    case RouteTable::Outcome::kNotFound:
      EXPECT_EQ(expected.route, -1);
      break;
    case RouteTable::Outcome::kMethodNotAllowed:
      EXPECT_EQ(expected.route, -2);
      break;
    case RouteTable::Outcome::kBadPath:
      EXPECT_EQ(expected.route, -3);
      break;
    case RouteTable::Outcome::kFound:
      EXPECT_EQ(static_cast<int>(match.route), expected.route);
      EXPECT_EQ(match.values, expected.values);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Matching,
                         testing::Combine(testing::ValuesIn(std::vector<MatchCase>{
                                              {"GET", "/tasks", 0, {}},
                                              {"POST", "/tasks", 1, {}},
                                              {"GET", "/tasks/7", 2, {"7"}},
                                              {"GET", "/tasks/metrics", 3, {}},
                                              {"DELETE", "/tasks/metrics", 4, {"metrics"}},
                                              {"DELETE", "/tasks/7", 4, {"7"}},
                                              {"POST", "/tasks/7:undelete", 5, {"7"}},
                                              {"POST", "/tasks/a:b:undelete", 5, {"a:b"}},
                                              {"GET", "/tasks/7:undelete", 2, {"7:undelete"}},
                                              {"GET", "/tasks/a:b", 2, {"a:b"}},
                                              {"GET", "/tasks/a%2Fb", 2, {"a/b"}},
                                              {"GET", "/tasks/a%3Aundelete", 2, {"a:undelete"}},
                                              {"GET", "/tasks/%e4%bd%a0", 2, {"\xe4\xbd\xa0"}},
                                              {"GET", "/tasks/a+b", 2, {"a+b"}},
                                              {"GET", "/%74asks", 0, {}},
                                              {"GET", "/files", 6, {""}},
                                              {"GET", "/files/a", 6, {"a"}},
                                              {"GET", "/files/a/b/c", 6, {"a/b/c"}},
                                              {"GET", "/files/a%2Fb/c%20d", 6, {"a%2Fb/c d"}},
                                              {"GET", "/files/a/meta", 7, {"a"}},
                                              {"GET", "/files/meta", 7, {""}},
                                              {"GET", "/files/a/b:raw", 8, {"a/b"}},
                                              {"GET", "/shelves/1/books/2", 9, {"shelves/1/books/2"}},
                                              {"GET", "/shelves/a%2fb/books/2", 9, {"shelves/a%2fb/books/2"}},
                                              {"PEEK", "/tasks/7", 10, {"7"}},
                                              {"GET", "/any", 11, {}},
                                              {"BREW", "/any", 11, {}},
                                              {"GET", "/deep/a/x", 12, {}},
                                              {"GET", "/deep/a/y", 13, {}},
                                              {"GET", "/deep/a/z", 14, {}},
                                              {"GET", "/deep", 14, {}},
                                              {"POST", "/tasks:batch", 15, {}},
                                              {"HEAD", "/tasks/7", 2, {"7"}},
                                              {"HEAD", "/headed", 16, {}},
                                              {"GET", "/tasks/", -1, {}},
                                              {"GET", "/tasks//", -1, {}},
                                              {"GET", "/", -1, {}},
                                              {"GET", "", -1, {}},
                                              {"GET", "//tasks", -1, {}},
                                              {"GET", "/Tasks", -1, {}},
                                              {"GET", "/tasks/7/8", -1, {}},
                                              {"GET", "/shelves/1/books", -1, {}},
                                              {"PUT", "/tasks", -2, {}},
                                              {"PUT", "/tasks/7", -2, {}},
                                              {"PUT", "/tasks/7:undelete", -2, {}},
                                              {"GET", "/tasks:batch", -2, {}},
                                              {"get", "/tasks", -2, {}},
                                              {"GET", "/tasks/%", -3, {}},
                                              {"GET", "/tasks/%4", -3, {}},
                                              {"GET", "/tasks/%zz", -3, {}},
                                          }),
                                          testing::Bool()));

TEST(RouteTable, NamesAllowedMethods) {
  const RouteTable table = Build(false);
  EXPECT_EQ(table.Find("PUT", "/tasks/7").allow, "DELETE, GET, HEAD, OPTIONS, PEEK");
  EXPECT_EQ(table.Find("GET", "/tasks:batch").allow, "OPTIONS, POST");
}

TEST(RouteTable, RefusesTwoMethodsForOneRoute) {
  RouteTable::Builder builder;
  ASSERT_TRUE(builder.Add("GET", *PathTemplate::Parse("/a/{x}"), 0, "pkg.A.One").ok());
  const absl::Status status = builder.Add("GET", *PathTemplate::Parse("/a/{y=*}"), 1, "pkg.A.Two");
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(status.message()),
              testing::AllOf(testing::HasSubstr("pkg.A.One"), testing::HasSubstr("pkg.A.Two")));
}

TEST(RouteTable, TellsVerbsAndMethodsApart) {
  RouteTable::Builder builder;
  EXPECT_TRUE(builder.Add("GET", *PathTemplate::Parse("/a/{x}"), 0, "A").ok());
  EXPECT_TRUE(builder.Add("POST", *PathTemplate::Parse("/a/{x}"), 1, "B").ok());
  EXPECT_TRUE(builder.Add("GET", *PathTemplate::Parse("/a/{x}:v"), 2, "C").ok());
}

}  // namespace
}  // namespace gateway
