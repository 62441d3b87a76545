#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace grpc_testing {

// What gRPC reflection lists at `address` (`HOST:PORT`, without TLS), as bytes, or the status's code where there is
// none. Blocks.
inline std::string ReflectedServices(const std::string& address) {
  // A ServerReflectionRequest whose `list_services` is `*`.
  const grpc::Slice request_bytes("\x3a\x01*");
  const grpc::ByteBuffer request(&request_bytes, 1);
  grpc::GenericStub stub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
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

}  // namespace grpc_testing
