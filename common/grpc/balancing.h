#pragma once

#include <grpcpp/support/channel_arguments.h>

namespace common {

// How a channel of ours spreads calls: over all addresses that its name resolves to, in turn, passing over those whose
// health check (grpc.health.v1, the whole server) says NOT_SERVING; where none serves a call fails at once. A server
// without that service counts as serving.
//
// A subchannel that is shared with a channel without health checks would be given to a call before it is connected,
// which crashes gRPC 1.51: hence a pool of its own.
inline void SetBalancing(grpc::ChannelArguments& arguments) {
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetServiceConfigJSON(
      R"({"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":""}})");
}

}  // namespace common
