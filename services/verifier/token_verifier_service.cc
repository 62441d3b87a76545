#include "services/verifier/token_verifier_service.h"

#include <chrono>

#include "common/auth/denial.h"
#include "common/grpc/status_mapping.h"
#include "common/grpc/traced_context.h"
#include "services/verifier/verdict_log.h"
#include "services/verifier/verdict_metrics.h"

namespace verifier {
namespace {

// With a reason: by that callers know that a verifier has answered, and is not to be asked again at once.
absl::Status Undecided(const absl::Status& why) {
  return auth::VerifierUnavailable({why.message().data(), why.message().size()});
}

}  // namespace

grpc::ServerUnaryReactor* TokenVerifierService::VerifyToken(grpc::CallbackServerContext* context,
                                                            const auth::v1::VerifyTokenRequest* request,
                                                            auth::v1::VerifyTokenResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auth::Credential credential{
      .token = request->token(), .cookie = request->cookie(), .origin = request->origin()};
  const auto start = std::chrono::steady_clock::now();
  verifier_.Verify(credential, [this, context, reactor, response, start](const Verdict& result) {
    metrics_.Count(ResultOf(result), absl::FromChrono(std::chrono::steady_clock::now() - start));
    Log(*context, result);
    if (result.ok()) Answer(*result, response);
    reactor->Finish(common::ToGrpcStatus(result.ok() ? absl::OkStatus() : Undecided(result.status())));
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

void TokenVerifierService::Log(grpc::CallbackServerContext& context, const Verdict& verdict) const {
  if (verdict.ok() && verdict->ok()) return;
  common::TracedContext& call = common::TracedContextOf(context);
  const std::string peer = call.peer_address();
  const Question question{
      .route = call.route(), .peer = peer, .request_id = call.trace().request_id, .trace_id = call.trace().trace_id()};
  if (!verdict.ok()) return LogUndecided(logger_, verdict.status(), question);
  LogRejection(logger_, verdict->rejection(), question);
}

void TokenVerifierService::Answer(const OrRejection<VerifiedToken>& verdict, auth::v1::VerifyTokenResponse* response) {
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
}

}  // namespace verifier
