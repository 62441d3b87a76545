#include "services/verifier/token_verifier_service.h"

#include <chrono>

#include "common/grpc/status_mapping.h"
#include "services/verifier/verdict_metrics.h"

namespace verifier {

grpc::ServerUnaryReactor* TokenVerifierService::VerifyToken(grpc::CallbackServerContext* context,
                                                            const auth::v1::VerifyTokenRequest* request,
                                                            auth::v1::VerifyTokenResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auth::Credential credential{
      .token = request->token(), .cookie = request->cookie(), .origin = request->origin()};
  const auto start = std::chrono::steady_clock::now();
  verifier_.Verify(credential, [this, reactor, response, start](const Verdict& result) {
    metrics_.Count(ResultOf(result), absl::FromChrono(std::chrono::steady_clock::now() - start));
    if (result.ok()) {
      Answer(*result, response);
    } else {
      logger_.Error("token_undecided",
                    {{"outcome", "unavailable"}, {"reason", std::string(result.status().message())}});
    }
    reactor->Finish(common::ToGrpcStatus(result.status()));
  });
  return reactor;
}

grpc::ServerUnaryReactor* TokenVerifierService::GetKeySetStatus(grpc::CallbackServerContext* context,
                                                                const auth::v1::GetKeySetStatusRequest*,
                                                                auth::v1::GetKeySetStatusResponse* response) {
  *response = key_sets_.Status();
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

void TokenVerifierService::Answer(const OrRejection<VerifiedToken>& verdict,
                                  auth::v1::VerifyTokenResponse* response) const {
  if (verdict.ok()) {
    *response->mutable_verified() = verdict->claims();
    if (const int64_t seconds = absl::ToInt64Seconds(verdict->cache_for()); seconds > 0) {
      response->mutable_cache_for()->set_seconds(seconds);
    }
    return;
  }
  const Rejection& rejection = verdict.rejection();
  response->mutable_rejected()->set_reason(rejection.reason);
  response->mutable_rejected()->set_detail(rejection.detail);
  logger_.Warning("token_rejected", {{"outcome", "rejected"},
                                     {"reason", auth::v1::RejectionReason_Name(rejection.reason)},
                                     {"detail", rejection.detail}});
}

}  // namespace verifier
