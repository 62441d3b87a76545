#include "common/metrics/rpc_metrics.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "auth/v1/token_verifier.grpc.pb.h"
#include "common/grpc/grpc_server.h"
#include "tests/support/metrics/scrape.h"

namespace metrics {
namespace {

using metrics_testing::Scrape;

constexpr char kService[] = "auth.v1.TokenVerifierService";

// Answers one method, with whatever code the token asks for, and has no other.
class Service : public auth::v1::TokenVerifierService::CallbackService {
  grpc::ServerUnaryReactor* VerifyToken(grpc::CallbackServerContext* context,
                                        const auth::v1::VerifyTokenRequest* request,
                                        auth::v1::VerifyTokenResponse*) override {
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status(static_cast<grpc::StatusCode>(std::stoi(request->token())), ""));
    return reactor;
  }
};

class RpcMetricsTest : public ::testing::Test {
 protected:
  RpcMetricsTest() {
    metrics_.AddTo(registry_);
    common::GrpcServerOptions options{.address = "127.0.0.1:0", .credentials = grpc::InsecureServerCredentials()};
    options.interceptors.push_back(std::make_unique<RpcMetricsFactory>(metrics_));
    server_ = *common::GrpcServer::Start(std::move(options), service_);
    stub_ = auth::v1::TokenVerifierService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  grpc::StatusCode Call(int code) {
    grpc::ClientContext context;
    auth::v1::VerifyTokenRequest request;
    request.set_token(std::to_string(code));
    auth::v1::VerifyTokenResponse response;
    return stub_->VerifyToken(&context, request, &response).error_code();
  }

  static std::string Series(const std::string& name, const std::string& method, const std::string& code = "") {
    return name + "{" + (code.empty() ? "" : "grpc_code=\"" + code + "\",") + "grpc_method=\"" + method +
           "\",grpc_service=\"" + kService + "\"}";
  }
  double Handled(const std::string& code) const {
    return Scrape(registry_.Scrape())[Series("grpc_server_handled_total", "VerifyToken", code)];
  }

  Service service_;
  RpcMetrics metrics_{{kService}};
  Registry registry_;
  std::unique_ptr<common::GrpcServer> server_;
  std::unique_ptr<auth::v1::TokenVerifierService::Stub> stub_;
};

TEST_F(RpcMetricsTest, CountsACodeThatIsNoneAsUnknown) {
  Call(17);
  EXPECT_EQ(Handled("UNKNOWN"), 1);
}

TEST_F(RpcMetricsTest, CountsEveryCode) {
  for (int code = 0; code < 17; ++code) EXPECT_EQ(Call(code), code);
  for (const char* code :
       {"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
        "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"}) {
    EXPECT_EQ(Handled(code), 1) << code;
  }
  const Scrape now(registry_.Scrape());
  EXPECT_EQ(now[Series("grpc_server_started_total", "VerifyToken")], 17);
  EXPECT_EQ(now[Series("grpc_server_handling_seconds_count", "VerifyToken")], 17);
}

TEST_F(RpcMetricsTest, TellsEveryMethodFromTheBeginning) {
  EXPECT_EQ(Handled("OK"), 0);
  EXPECT_EQ(Scrape(registry_.Scrape())[Series("grpc_server_started_total", "GetKeySetStatus")], 0);
}

TEST_F(RpcMetricsTest, KnowsNoMethodOfOthers) {
  EXPECT_EQ(metrics_.Find("/grpc.health.v1.Health/Check"), nullptr);
  EXPECT_NE(metrics_.Find("/auth.v1.TokenVerifierService/VerifyToken"), nullptr);
}

}  // namespace
}  // namespace metrics
