#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/grpc/generic_call.h"

namespace grpc_testing {

// What gRPC reflection lists at `address` (`HOST:PORT`, without TLS), as bytes, or the status's code where there is
// none. Blocks.
inline std::string ReflectedServices(const std::string& address) {
  // A ServerReflectionRequest whose `list_services` is `*`.
  const grpc::Slice request_bytes("\x3a\x01*");
  const grpc::ByteBuffer request(&request_bytes, 1);
  grpc::ByteBuffer response;
  const grpc::Status status =
      GenericCall(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()),
                  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", request, &response);
  if (!status.ok()) return absl::StrCat(status.error_code());
  grpc::Slice bytes;
  if (!response.DumpToSingleSlice(&bytes).ok()) return "";
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

}  // namespace grpc_testing
