#pragma once

#include "auth/v1/token_verifier.grpc.pb.h"
#include "common/auth/validation_result.h"
#include "common/core/logger.h"
#include "services/verifier/credential_verifier.h"
#include "services/verifier/key_sets.h"

namespace verifier {

// auth.v1.TokenVerifierService over a CredentialVerifier: translates, logs, and decides nothing. To be served by a
// common::GrpcServer. Thread-safe.
class TokenVerifierService : public auth::v1::TokenVerifierService::CallbackService {
 public:
  // All but the logger must outlive the server.
  TokenVerifierService(const CredentialVerifier& verifier, const KeySets& key_sets, auth::ValidationMetrics& metrics,
                       common::Logger logger)
      : verifier_(verifier), key_sets_(key_sets), metrics_(metrics), logger_(std::move(logger)) {}

  grpc::ServerUnaryReactor* VerifyToken(grpc::CallbackServerContext* context,
                                        const auth::v1::VerifyTokenRequest* request,
                                        auth::v1::VerifyTokenResponse* response) override;
  grpc::ServerUnaryReactor* GetKeySetStatus(grpc::CallbackServerContext* context,
                                            const auth::v1::GetKeySetStatusRequest* request,
                                            auth::v1::GetKeySetStatusResponse* response) override;

 private:
  // Says why, where nobody is let in.
  void Log(grpc::CallbackServerContext& context, const Verdict& verdict) const;
  static void Answer(const OrRejection<VerifiedToken>& verdict, auth::v1::VerifyTokenResponse* response);

  const CredentialVerifier& verifier_;
  const KeySets& key_sets_;
  auth::ValidationMetrics& metrics_;
  const common::Logger logger_;
};

}  // namespace verifier
