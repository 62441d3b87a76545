#pragma once

#include "absl/time/time.h"
#include "auth/v1/token_verifier.grpc.pb.h"
#include "common/core/logger.h"
#include "services/verifier/token_verifier.h"

namespace verifier {

// auth.v1.TokenVerifierService over a TokenVerifier: translates, logs, and decides nothing. Thread-safe.
class TokenVerifierService : public auth::v1::TokenVerifierService::CallbackService {
 public:
  // `verifier` must outlive the server.
  TokenVerifierService(TokenVerifier& verifier, common::Logger logger)
      : verifier_(verifier), logger_(std::move(logger)) {}

  grpc::ServerUnaryReactor* VerifyToken(grpc::CallbackServerContext* context,
                                        const auth::v1::VerifyTokenRequest* request,
                                        auth::v1::VerifyTokenResponse* response) override;

 private:
  void Answer(const OrRejection<VerifiedToken>& verdict, auth::v1::VerifyTokenResponse* response) const;

  TokenVerifier& verifier_;
  const common::Logger logger_;
};

}  // namespace verifier
