#include "common/auth/protection.h"

#include <utility>
#include <vector>

#include "common/auth/auth_interceptor.h"

namespace auth {

Protection::Protection(const std::shared_ptr<grpc::Channel>& verifier, common::Logger logger)
    : logger_(std::move(logger)), client_(verifier), authenticator_(client_, clock_, {}) {}

void Protection::ApplyTo(grpc::ServerBuilder& builder) {
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(std::make_unique<AuthInterceptorFactory>(authenticator_, metrics_, logger_));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  builder.SetContextAllocator(std::make_unique<AuthenticatedContextAllocator>());
}

}  // namespace auth
