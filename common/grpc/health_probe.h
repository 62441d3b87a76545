#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/grpc/transport_config.h"

namespace common {

// Asks the server behind `channel` for its health (grpc.health.v1, the whole server). OK where it is SERVING;
// UNAVAILABLE, saying why, where it is not or does not answer within `timeout`. Blocks.
absl::Status ProbeHealth(const std::shared_ptr<grpc::Channel>& channel, absl::Duration timeout);

// The `--healthcheck` of a server's binary: asks the server that listens on `address` (on all interfaces means
// loopback) with this configuration and gives the exit code, 0 where it is SERVING.
int RunHealthcheck(const std::string& address, const TransportConfig& config);

}  // namespace common
