#pragma once

#include <grpcpp/support/server_interceptor.h>

#include "common/auth/authenticator.h"
#include "common/auth/validation_result.h"
#include "common/core/logger.h"

namespace auth {

// Asks `authenticator` about the credential of every call before its handler runs; the verdict rides on the call's
// AuthenticatedContext. Health and reflection (`/grpc.*`) are exempt, and they alone.
//
// gRPC C++ cannot stop a handler from an interceptor, so each handler goes through Authenticated(). What was tried is
// in docs/decisions/.
class AuthInterceptorFactory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  // Each verdict is counted in `metrics`. It and `authenticator` must outlive the server.
  AuthInterceptorFactory(Authenticator& authenticator, ValidationMetrics& metrics, common::Logger logger)
      : authenticator_(authenticator), metrics_(metrics), logger_(std::move(logger)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override;

 private:
  Authenticator& authenticator_;
  ValidationMetrics& metrics_;
  common::Logger logger_;
};

}  // namespace auth
