// What a server tells of itself to whoever asks.
#include "common/grpc/grpc_server.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "auth/v1/token_verifier.grpc.pb.h"

namespace common {
namespace {

// What gRPC reflection lists, as bytes, or the status's code where there is none.
std::string ReflectedServices(int port) {
  // A ServerReflectionRequest whose `list_services` is `*`.
  const grpc::Slice request_bytes("\x3a\x01*");
  const grpc::ByteBuffer request(&request_bytes, 1);
  grpc::GenericStub stub(grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                          request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool is_ok = false;
  queue.Next(&tag, &is_ok);
  if (!status.ok()) return absl::StrCat(status.error_code());
  grpc::Slice bytes;
  if (!response.DumpToSingleSlice(&bytes).ok()) return "";
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

// gRPC's library would tell everybody, before any token is asked for.
TEST(GrpcServer, ReflectsItsInterfaceOnlyWhereItIsTold) {
  for (const bool reflection : {false, true, false}) {
    auth::v1::TokenVerifierService::Service service;
    const auto server = GrpcServer::Start(
        {.address = "127.0.0.1:0", .credentials = grpc::InsecureServerCredentials(), .reflection = reflection},
        service);
    ASSERT_TRUE(server.ok()) << server.status();
    const std::string services = ReflectedServices((*server)->port());
    if (reflection) {
      EXPECT_THAT(services, ::testing::HasSubstr("auth.v1.TokenVerifierService"));
    } else {
      EXPECT_EQ(services, absl::StrCat(grpc::StatusCode::UNIMPLEMENTED));
    }
  }
}

}  // namespace
}  // namespace common
