#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/grpc/grpc_server.h"
#include "tests/support/gateway/descriptors.h"
#include "tests/support/gateway/feature_service.h"
#include "tests/support/gateway/gateway_process.h"
#include "tests/support/gateway/raw_http_client.h"
#include "tests/support/gateway/shelf_service.h"

namespace gateway {

// One request and what must come back.
struct Exchanged {
  std::string request;  // `METHOD target`
  std::string headers;  // whole lines, each with CRLF
  std::string body;
  int status;
  // Each must be in the answer's body; one that begins with `!` must not, and one with `=` is all of it.
  std::vector<std::string> body_holds;
  // `name: value` of the answer's headers; `!name` must be missing.
  std::vector<std::string> headers_hold;
};

inline void PrintTo(const Exchanged& exchanged, std::ostream* out) {
  *out << exchanged.request << " " << exchanged.headers << " " << exchanged.body.substr(0, 200);
}

// The http-gateway binary before both test services, once for all tests.
class Conformance : public testing::TestWithParam<Exchanged> {
 public:
  struct World {
    World();
    static std::unique_ptr<common::GrpcServer> Serve(grpc::Service& service);

    gateway_testing::ShelfService shelf;
    gateway_testing::FeatureService features;
    std::unique_ptr<common::GrpcServer> shelf_server;
    std::unique_ptr<common::GrpcServer> feature_server;
    std::unique_ptr<gateway_testing::GatewayProcess> gateway;
  };

  static void SetUpTestSuite() {
    if (world_ == nullptr) world_ = std::make_unique<World>();
  }
  static uint16_t port() { return world_->gateway->port(); }

  // Sends the request and checks the answer.
  static void Check(const Exchanged& wanted);

 protected:
  static std::unique_ptr<World> world_;
};

}  // namespace gateway
