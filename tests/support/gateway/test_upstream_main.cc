// The test services as a process, for tests and measurements from outside: prints `ready SHELF_PORT FEATURE_PORT` and
// serves until its input ends.
#include <cstdio>

#include "common/grpc/grpc_server.h"
#include "tests/support/gateway/feature_service.h"
#include "tests/support/gateway/shelf_service.h"

namespace {

std::unique_ptr<common::GrpcServer> Start(grpc::Service& service) {
  common::GrpcServerOptions options;
  options.address = "127.0.0.1:0";
  options.credentials = grpc::InsecureServerCredentials();
  auto server = *common::GrpcServer::Start(std::move(options), service);
  server->SetServing(true);
  return server;
}

}  // namespace

int main() {
  gateway_testing::ShelfService shelf;
  gateway_testing::FeatureService features;
  const auto shelf_server = Start(shelf);
  const auto feature_server = Start(features);
  std::printf("ready %d %d\n", shelf_server->port(), feature_server->port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}
