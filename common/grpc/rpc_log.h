#pragma once

#include <grpcpp/support/server_interceptor.h>

#include "common/core/logger.h"

namespace common {

// Writes one line a call: event `rpc`, with how it ended, how long it took, whose it was, and the request that it
// belongs to. Nothing of what was sent or answered. Health and reflection (`/grpc.*`) are left out. For servers that
// make a TracedContext.
class RpcLogFactory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit RpcLogFactory(Logger logger) : logger_(std::move(logger)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override;

 private:
  Logger logger_;
};

}  // namespace common
