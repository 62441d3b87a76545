#include "gateway/api.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "gateway/request_binder.h"
#include "gateway/v1/annotations.pb.h"
#include "gateway_testing/v1/shelf_service.pb.h"
#include "google/api/annotations.pb.h"
#include "tests/support/gateway/descriptors.h"

namespace gateway {
namespace {

using google::protobuf::FileDescriptorSet;

constexpr char kShelf[] = "gateway_testing.v1.ShelfService";

// The test set with a service `bad.Bad` more, whose methods have these rules (in text form) on BookRequest and
// BookAnswer. `options` are more options of each method, `service_options` those of the service.
std::string SetWith(const std::vector<std::string>& rules, const std::string& options = "",
                    const std::string& service_options = "", bool streams = false) {
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
  google::protobuf::TextFormat::ParseFromString(service_options, service->mutable_options());
  for (const std::string& rule : rules) {
    auto* method = service->add_method();
    method->set_name("M" + std::to_string(service->method_size()));
    method->set_input_type(".gateway_testing.v1.BookRequest");
    method->set_output_type(".gateway_testing.v1.BookAnswer");
    method->set_server_streaming(streams);
    google::protobuf::TextFormat::ParseFromString(options, method->mutable_options());
    google::protobuf::TextFormat::ParseFromString(rule, method->mutable_options()->MutableExtension(google::api::http));
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

struct BadOption {
  const char* rule;
  const char* option;
  const char* fault;
  bool streams = false;
};

void PrintTo(const BadOption& c, std::ostream* out) { *out << c.option; }

class BadOptions : public testing::TestWithParam<BadOption> {};

TEST_P(BadOptions, AreFoundAtStart) {
  const BadOption& c = GetParam();
  const auto api = Api::Create(SetWith({c.rule}, std::string("[gateway.v1.") + c.option, "", c.streams), {"bad.Bad"});
  EXPECT_THAT(std::string(api.status().message()),
              testing::AllOf(testing::StartsWith("bad.proto: bad.Bad.M1: "), testing::HasSubstr(c.fault)));
}

constexpr char kGet[] = "get: '/a'";

INSTANTIATE_TEST_SUITE_P(
    All, BadOptions,
    testing::ValuesIn(std::vector<BadOption>{
        {kGet, "http_response] { status: 404 }", "http_response.status: 404 does not lie between"},
        {kGet, "http_response] { location: '/a//' }", "http_response.location: "},
        {kGet, "http_response] { location: '/a/{nope}' }", "no field \"nope\""},
        {kGet, "http_response] { location: '/a/**' }", "must not hold **"},
        {"get: '/a' response_body: 'tags'", "http_response] { location: '/a/{method}' }", "a body that is a message"},
        {kGet, "conditional] { etag_field: 'nope' }", "conditional.etag_field: "},
        {kGet, "conditional] { etag_field: 'tags' }", "conditional.etag_field: \"tags\" is no single value"},
        {"get: '/a' response_body: 'tags'", "conditional] { etag_field: 'method' }", "a body that is a message"},
        {kGet, "conditional] { if_match_field: 'item' }", "conditional.if_match_field: \"item\" is no single value"},
        {kGet, "idempotency] { key_field: 'nope' }", "idempotency.key_field: "},
        {kGet, "idempotency] { key_field: 'tags' }", "idempotency.key_field: \"tags\" is no single value"},
        {kGet, "stream] { event_id_field: 'method' }", "stream: is for server-streaming methods"},
        {kGet, "stream] { event_id_field: 'nope' }", "stream.event_id_field: ", /*streams=*/true},
        {kGet, "stream] { last_event_id_field: 'tags' }", "stream.last_event_id_field: ", /*streams=*/true},
        {kGet, "max_body_bytes]: -1", "max_body_bytes: -1 does not lie between"},
        {kGet, "max_body_bytes]: 67108865", "max_body_bytes: 67108865 does not lie between"},
    }));

TEST(Api, TakesOptionsThatFit) {
  for (const char* option : {"http_response] { status: 202 location: '/a/{method}' }",
                             "conditional] { etag_field: 'method' if_match_field: 'name' }",
                             "idempotency] { key_field: 'name' }", "max_body_bytes]: 67108864"}) {
    EXPECT_TRUE(Api::Create(SetWith({kGet}, std::string("[gateway.v1.") + option), {"bad.Bad"}).ok()) << option;
  }
  const std::string stream = "[gateway.v1.stream] { event_id_field: 'method' last_event_id_field: 'name' }";
  EXPECT_TRUE(Api::Create(SetWith({kGet}, stream, "", /*streams=*/true), {"bad.Bad"}).ok());
}

// Binds `body` and `query` to the first route; what is wrong, or the request in short text form.
std::string Bind(const Api& api, const std::string& body, const std::string& query = "") {
  std::string bytes;
  const std::vector<std::string> path = {"s"};
  if (const auto error = BindRequest(api.routes()[0], RequestParts{path, query, body}, &bytes)) {
    return "!" + error->field + ": " + error->message;
  }
  gateway_testing::v1::BookRequest request;
  return request.ParseFromString(bytes) ? request.ShortDebugString() : "!";
}

TEST(Api, PassesOverUnknownNamesWhereTheServiceSaysSo) {
  const std::string option = "[gateway.v1.json_format] { ignore_unknown: true }";
  const std::vector<std::string> rules = {"post: '/a/{shelf}' body: 'item'"};
  const auto strict = *Api::Create(SetWith(rules), {"bad.Bad"});
  EXPECT_EQ(Bind(*strict, R"({"nope":1})"), "!nope: is not known");
  EXPECT_EQ(Bind(*strict, "{}", "nope=1"), "!nope: is not known");
  const auto told = *Api::Create(SetWith(rules, "", option), {"bad.Bad"});
  EXPECT_EQ(Bind(*told, R"({"nope":1,"aBool":true})", "nope=1"), R"(shelf: "s" item { a_bool: true })");
  // What is said for all is for the services that say nothing themselves.
  ApiOptions for_all;
  for_all.ignore_unknown = true;
  EXPECT_EQ(Bind(**Api::Create(SetWith(rules), {"bad.Bad"}, for_all), R"({"nope":1})"), R"(shelf: "s" item { })");
  const auto says_no =
      *Api::Create(SetWith(rules, "", "[gateway.v1.json_format] { emit_defaults: true }"), {"bad.Bad"}, for_all);
  EXPECT_EQ(Bind(*says_no, R"({"nope":1})"), "!nope: is not known");
}

// AIP-134 has the resource in a field of the body; where the whole request is the body, its mask is the client's.
TEST(Api, MakesNoMaskOfAWholeBody) {
  const auto api = *Api::Create(SetWith({"patch: '/a/{shelf}' body: '*'"}), {"bad.Bad"});
  EXPECT_EQ(Bind(*api, R"({"item":{"aBool":true}})"), R"(shelf: "s" item { a_bool: true })");
  EXPECT_EQ(Bind(*api, R"({"item":{"aBool":true},"updateMask":"item.aBool"})"),
            R"(shelf: "s" item { a_bool: true } update_mask { paths: "item.a_bool" })");
}

TEST(Api, ExposesWhatHasNoAnnotationWhereItIsTold) {
  ApiOptions options;
  options.exposes_unannotated = true;
  const auto api = *Api::Create(gateway_testing::DescriptorSet(), {kShelf}, options);
  const std::string routes = api->Describe();
  EXPECT_THAT(routes, testing::HasSubstr("POST    /gateway_testing.v1.ShelfService/Hidden  ->  "
                                         "gateway_testing.v1.ShelfService.Hidden\n"));
  EXPECT_THAT(routes, testing::Not(testing::HasSubstr("ShelfService/GetBook")));
}

TEST(Api, EscapesCommentsOnThePageForPeople) {
  FileDescriptorSet set;
  set.ParseFromString(SetWith({kGet}));
  auto* comment = set.mutable_file(set.file_size() - 1)->mutable_source_code_info()->add_location();
  for (const int step : {6, 0, 2, 0}) comment->add_path(step);  // service 0, method 0
  for (int i = 0; i < 3; ++i) comment->add_span(0);
  comment->set_leading_comments(" Says <script>alert('x')</script> & \"more\".\n");
  const auto api = *Api::Create(set.SerializeAsString(), {"bad.Bad"});
  EXPECT_THAT(api->docs_page(), testing::HasSubstr("Says &lt;script&gt;alert('x')&lt;/script&gt; &amp; &quot;more"));
  EXPECT_THAT(api->docs_page(), testing::Not(testing::HasSubstr("<script")));
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
