#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/grpc/grpc_server.h"
#include "common/http/server.h"
#include "gateway/gateway_handler.h"
#include "gateway/grpc_upstream.h"
#include "gateway/retrying_upstream.h"
#include "tests/support/gateway/descriptors.h"
#include "tests/support/gateway/feature_service.h"
#include "tests/support/gateway/raw_http_client.h"
#include "tests/support/gateway/shelf_service.h"

namespace gateway {

using gateway_testing::Fetch;
using gateway_testing::HttpAnswer;
using gateway_testing::RawHttpClient;

// The whole gateway on real sockets before a real gRPC server.
class GatewayFixture : public testing::Test {
 protected:
  void SetUp() override {
    StartUpstream("127.0.0.1:0");
    StartFeatures("127.0.0.1:0");
    upstreams_ = {
        {kService, std::make_shared<RetryingUpstream>(std::make_shared<GrpcUpstream>(
                       "127.0.0.1:" + std::to_string(grpc_->port()), grpc::InsecureChannelCredentials()))},
        {kFeatures, std::make_shared<RetryingUpstream>(std::make_shared<GrpcUpstream>(
                        "127.0.0.1:" + std::to_string(features_->port()), grpc::InsecureChannelCredentials()))}};
    readiness_ = std::make_unique<Readiness>(upstreams_);
    api_ = *Api::Create(gateway_testing::DescriptorSet(), {kService, kFeatures});
    handler_ =
        std::make_unique<GatewayHandler>(*api_, upstreams_, *readiness_, handler_options(), common::Logger::Silent());
    http::ServerOptions options;
    options.threads = 2;
    options.limits = limits();
    server_ = *http::Server::Start(options, *handler_);
  }

  void TearDown() override {
    handler_->EndStreams();
    server_.reset();
    readiness_.reset();
    grpc_.reset();
    features_.reset();
  }

  void StartUpstream(const std::string& address) {
    common::GrpcServerOptions options;
    options.address = address;
    options.credentials = grpc::InsecureServerCredentials();
    grpc_ = *common::GrpcServer::Start(std::move(options), service_);
    grpc_->SetServing(true);
  }

  void StartFeatures(const std::string& address) {
    common::GrpcServerOptions options;
    options.address = address;
    options.credentials = grpc::InsecureServerCredentials();
    features_ = *common::GrpcServer::Start(std::move(options), feature_service_);
    features_->SetServing(true);
  }

  virtual HandlerOptions handler_options() const { return {*CorsPolicy::Create({"https://app.example"}), {}}; }

  virtual http::Limits limits() const { return {}; }

  uint16_t port() const { return server_->port(); }

  static constexpr char kService[] = "gateway_testing.v1.ShelfService";
  static constexpr char kFeatures[] = "gateway_testing.v1.FeatureService";
  gateway_testing::ShelfService service_;
  gateway_testing::FeatureService feature_service_;
  std::unique_ptr<common::GrpcServer> features_;
  std::unique_ptr<common::GrpcServer> grpc_;
  std::vector<ServiceUpstream> upstreams_;
  std::unique_ptr<Readiness> readiness_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<GatewayHandler> handler_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace gateway
