#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/server_builder.h>

#include <memory>

#include "common/auth/authenticated_context.h"
#include "common/auth/caching_authenticator.h"
#include "common/auth/validation_result.h"
#include "common/auth/verifier_client.h"
#include "common/core/clock.h"
#include "common/core/logger.h"

namespace auth {

// All that protecting a gRPC service of the callback API takes:
//
//   auth::Protection protection(auth::MakeVerifierChannel("127.0.0.1:50052", credentials));
//   protection.ApplyTo(builder);
//   ... and in each handler: return auth::Authenticated(context, [&](const auth::Principal& user) { ... });
//
// Asks the verifier behind the channel about each credential, and remembers who it speaks for, as CachingAuthenticator
// says. Must outlive the server. Thread-safe.
class Protection {
 public:
  // `logger` gets a line for each call that was refused.
  explicit Protection(const std::shared_ptr<grpc::Channel>& verifier, common::Logger logger = common::Logger::Silent());

  // Sets the builder's interceptors and its context allocator, each of which it has one of: whoever needs other
  // interceptors too sets AuthInterceptorFactory among them, and AuthenticatedContextAllocator.
  void ApplyTo(grpc::ServerBuilder& builder);

  // What came of the credentials so far, for the metrics of the service.
  const ValidationMetrics& validations() const { return metrics_; }

 private:
  const common::Logger logger_;
  const common::SystemClock clock_;
  VerifierClient client_;
  CachingAuthenticator authenticator_;
  ValidationMetrics metrics_;
};

}  // namespace auth
