#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace common {

// The one place where absl's statuses become gRPC's. Payloads whose key is a type URL become google.rpc.Status details.
grpc::Status ToGrpcStatus(const absl::Status& status);

// The other way round: details become payloads. Details that cannot be parsed are dropped.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace common
