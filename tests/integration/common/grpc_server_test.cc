// What a server tells of itself to whoever asks.
#include "common/grpc/grpc_server.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "auth/v1/token_verifier.grpc.pb.h"
#include "tests/support/grpc/reflected_services.h"

namespace common {
namespace {

// gRPC's library would tell everybody, before any token is asked for.
TEST(GrpcServer, ReflectsItsInterfaceOnlyWhereItIsTold) {
  for (const bool reflection : {false, true, false}) {
    auth::v1::TokenVerifierService::Service service;
    const auto server = GrpcServer::Start(
        {.address = "127.0.0.1:0", .credentials = grpc::InsecureServerCredentials(), .reflection = reflection},
        service);
    ASSERT_TRUE(server.ok()) << server.status();
    const std::string services = grpc_testing::ReflectedServices(absl::StrCat("127.0.0.1:", (*server)->port()));
    if (reflection) {
      EXPECT_THAT(services, ::testing::HasSubstr("auth.v1.TokenVerifierService"));
    } else {
      EXPECT_EQ(services, absl::StrCat(grpc::StatusCode::UNIMPLEMENTED));
    }
  }
}

}  // namespace
}  // namespace common
