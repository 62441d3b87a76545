#include "tests/integration/gateway/conformance_fixture.h"

#include <algorithm>

namespace gateway {

std::unique_ptr<Conformance::World> Conformance::world_;

Conformance::World::World() : shelf_server(Serve(shelf)), feature_server(Serve(features)) {
  const auto upstream = [](const char* service, int port) {
    return std::string("--upstream=gateway_testing.v1.") + service + "=127.0.0.1:" + std::to_string(port);
  };
  gateway = std::make_unique<gateway_testing::GatewayProcess>(
      HTTP_GATEWAY,
      std::vector<std::string>{"--descriptor_set=" + gateway_testing::DescriptorSetPath(),
                               upstream("ShelfService", shelf_server->port()),
                               upstream("FeatureService", feature_server->port())},
      std::vector<std::string>{"ALLOWED_ORIGINS=https://app.example,http://localhost:3000"});
}

std::unique_ptr<common::GrpcServer> Conformance::World::Serve(grpc::Service& service) {
  common::GrpcServerOptions options;
  options.address = "127.0.0.1:0";
  options.credentials = grpc::InsecureServerCredentials();
  auto server = *common::GrpcServer::Start(std::move(options), service);
  server->SetServing(true);
  return server;
}

void Conformance::Check(const Exchanged& wanted) {
  const size_t space = wanted.request.find(' ');
  const std::string method = wanted.request.substr(0, space);
  const gateway_testing::HttpAnswer answer =
      gateway_testing::Fetch(port(), method, wanted.request.substr(space + 1), wanted.body, wanted.headers);
  EXPECT_EQ(answer.status, wanted.status) << answer.body;
  for (const std::string& part : wanted.body_holds) {
    if (part.front() == '!') {
      EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr(part.substr(1))));
    } else if (part.front() == '=') {
      EXPECT_EQ(answer.body, part.substr(1));
    } else {
      EXPECT_THAT(answer.body, testing::HasSubstr(part));
    }
  }
  for (const std::string& header : wanted.headers_hold) {
    if (header.front() == '!') {
      EXPECT_EQ(answer.headers.count(header.substr(1)), 0u) << header;
      continue;
    }
    const size_t colon = header.find(": ");
    const auto found = answer.headers.find(header.substr(0, colon));
    ASSERT_NE(found, answer.headers.end()) << header;
    EXPECT_EQ(found->second, header.substr(colon + 2));
  }
  // What every answer has.
  EXPECT_EQ(answer.headers.count("x-request-id"), 1u);
  EXPECT_EQ(answer.headers.count("server"), 0u);
  EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
  const bool is_problem = answer.status >= 400;
  if (is_problem && method != "HEAD") {
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    for (const char* member :
         {"\"type\":", "\"title\":", "\"status\":", "\"detail\":", "\"error_code\":", "\"request_id\":"}) {
      EXPECT_THAT(answer.body, testing::HasSubstr(member));
    }
  }
}

}  // namespace gateway
