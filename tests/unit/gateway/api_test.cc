#include "gateway/api.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "gateway/v1/annotations.pb.h"
#include "google/api/annotations.pb.h"
#include "tests/support/gateway/descriptors.h"

namespace gateway {
namespace {

using google::protobuf::FileDescriptorSet;

constexpr char kShelf[] = "gateway_testing.v1.ShelfService";

// The test set with a service `bad.Bad` more, whose methods have these rules (in text form) on BookRequest and
// BookAnswer.
std::string SetWith(const std::vector<std::string>& rules, std::string_view extra_options = "") {
  FileDescriptorSet set;
  set.ParseFromString(gateway_testing::DescriptorSet());
  auto* file = set.add_file();
  file->set_name("bad.proto");
  file->set_package("bad");
  file->set_syntax("proto3");
  for (const char* import :
       {"gateway_testing/v1/shelf_service.proto", "gateway/v1/annotations.proto", "google/api/annotations.proto"}) {
    file->add_dependency(import);
  }
  auto* service = file->add_service();
  service->set_name("Bad");
  for (const std::string& rule : rules) {
    auto* method = service->add_method();
    method->set_name("M" + std::to_string(service->method_size()));
    method->set_input_type(".gateway_testing.v1.BookRequest");
    method->set_output_type(".gateway_testing.v1.BookAnswer");
    google::protobuf::TextFormat::ParseFromString(rule, method->mutable_options()->MutableExtension(google::api::http));
    if (!extra_options.empty()) {
      google::protobuf::TextFormat::ParseFromString(
          std::string(extra_options), method->mutable_options()->MutableExtension(gateway::v1::http_response));
    }
  }
  return set.SerializeAsString();
}

struct BadRule {
  const char* rule;
  const char* fault;
};

void PrintTo(const BadRule& c, std::ostream* out) { *out << c.rule; }

class BadRules : public testing::TestWithParam<BadRule> {};

TEST_P(BadRules, AreFoundAtStart) {
  const auto api = Api::Create(SetWith({GetParam().rule}), {"bad.Bad"});
  EXPECT_EQ(api.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(api.status().message()),
              testing::AllOf(testing::StartsWith("bad.proto: bad.Bad.M1: "), testing::HasSubstr(GetParam().fault)));
}

INSTANTIATE_TEST_SUITE_P(All, BadRules,
                         testing::ValuesIn(std::vector<BadRule>{
                             {"get: '/a//b'", "empty segment"},
                             {"get: '/{shelf=**}/{book}'", "behind **"},
                             {"body: '*'", "no pattern"},
                             {"custom { path: '/a' }", "no kind"},
                             {"get: '/{nope}'", "no field \"nope\""},
                             {"get: '/{item.nope}'", "no field \"nope\""},
                             {"get: '/{tags}'", "is repeated"},
                             {"get: '/{item.labels}'", "is repeated"},
                             {"get: '/{item}'", "is a message"},
                             {"get: '/{shelf.x}'", "holds no field"},
                             {"post: '/a' body: 'nope'", "body: "},
                             {"post: '/a' body: 'item.inner'", "body: "},
                             {"get: '/a' response_body: 'nope'", "response_body: "},
                             {"get: '/a' additional_bindings { get: '/a' }", "takes the same requests"},
                             {"get: '/a/{shelf}' additional_bindings { get: '/a/{book}' }", "takes the same requests"},
                             {"get: '/a' additional_bindings { get: '/b' additional_bindings { get: '/c' } }",
                              "must not be nested"},
                         }));

TEST(Api, NamesEveryFault) {
  const auto api = Api::Create(SetWith({"get: '/a//b'", "get: '/{nope}'", "get: '/fine'"}), {"bad.Bad", "no.Such"});
  const std::string message(api.status().message());
  EXPECT_THAT(message, testing::HasSubstr("bad.Bad.M1"));
  EXPECT_THAT(message, testing::HasSubstr("bad.Bad.M2"));
  EXPECT_THAT(message, testing::Not(testing::HasSubstr("bad.Bad.M3")));
  EXPECT_THAT(message, testing::HasSubstr("holds no service no.Such"));
}

TEST(Api, RefusesTwoServicesWithOneRoute) {
  const auto api = Api::Create(SetWith({"get: '/v1/hang'"}), {"bad.Bad", kShelf});
  EXPECT_THAT(std::string(api.status().message()), testing::HasSubstr("takes the same requests as a route of"));
}

TEST(Api, ServesOnlyTheServicesNamed) {
  const auto api = Api::Create(SetWith({"get: '/v1/hang'"}), {"bad.Bad"});
  ASSERT_TRUE(api.ok());
  EXPECT_EQ((*api)->routes().size(), 1u);
}

TEST(Api, ChecksTheResponseOptions) {
  EXPECT_FALSE(Api::Create(SetWith({"get: '/a'"}, "status: 404"), {"bad.Bad"}).ok());
  EXPECT_FALSE(Api::Create(SetWith({"get: '/a'"}, "location: '/a//'"), {"bad.Bad"}).ok());
  EXPECT_FALSE(Api::Create(SetWith({"get: '/a'"}, "location: '/a/{nope}'"), {"bad.Bad"}).ok());
  EXPECT_FALSE(Api::Create(SetWith({"get: '/a'"}, "location: '/a/**'"), {"bad.Bad"}).ok());
  EXPECT_FALSE(Api::Create(SetWith({"get: '/a' response_body: 'tags'"}, "location: '/a/{method}'"), {"bad.Bad"}).ok());
  EXPECT_TRUE(Api::Create(SetWith({"get: '/a'"}, "status: 202 location: '/a/{method}'"), {"bad.Bad"}).ok());
}

TEST(Api, RefusesWhatIsNoDescriptorSet) {
  EXPECT_FALSE(Api::Create("", {}).ok());
  EXPECT_FALSE(Api::Create("junk", {}).ok());
}

TEST(Api, NamesAMissingImport) {
  FileDescriptorSet set;
  set.ParseFromString(gateway_testing::DescriptorSet());
  FileDescriptorSet one;
  *one.add_file() = set.file(set.file_size() - 1);
  const auto api = Api::Create(one.SerializeAsString(), {kShelf});
  EXPECT_THAT(std::string(api.status().message()), testing::HasSubstr(one.file(0).name()));
}

TEST(Api, ListsStreamingMethods) {
  const auto api = Api::Create(gateway_testing::DescriptorSet(), {kShelf});
  ASSERT_TRUE(api.ok()) << api.status();
  const std::string routes = (*api)->Describe();
  EXPECT_THAT(routes, testing::HasSubstr(
                          "POST    /v1/shelves/{shelf}/books  ->  gateway_testing.v1.ShelfService.CreateBook\n"));
  EXPECT_THAT(routes, testing::HasSubstr("ShelfService.Upload  (client streaming: answers 501)"));
  EXPECT_THAT(routes, testing::Not(testing::HasSubstr("Hidden")));
}

}  // namespace
}  // namespace gateway
