#include "common/auth/verifier_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/auth/denial.h"
#include "common/grpc/balancing.h"
#include "common/grpc/reconnect.h"

namespace auth {
namespace {

constexpr absl::Duration kTimeout = absl::Milliseconds(2500);

// What must live until the answer is there.
struct PendingCall {
  grpc::ClientContext context;
  auth::v1::VerifyTokenRequest request;
  auth::v1::VerifyTokenResponse response;
};

}  // namespace

VerifierClient::VerifierClient(std::shared_ptr<grpc::Channel> channel)
    : stub_(auth::v1::TokenVerifierService::NewStub(std::move(channel))) {}

void VerifierClient::Authenticate(const Credential& credential, const common::CallTrace& trace, absl::Time deadline,
                                  Callback done) {
  auto call = std::make_shared<PendingCall>();
  call->request.set_token(std::string(credential.token));
  call->request.set_cookie(std::string(credential.cookie));
  call->request.set_origin(std::string(credential.origin));
  call->context.set_deadline(absl::ToChronoTime(std::min(deadline, absl::Now() + kTimeout)));
  trace.AddTo(call->context);
  PendingCall& pending = *call;
  stub_->async()->VerifyToken(&pending.context, &pending.request, &pending.response,
                              [call = std::move(call), done = std::move(done)](const grpc::Status& status) {
                                done(ToVerdict(status, call->response));
                              });
}

Authenticator::Verdict VerifierClient::ToVerdict(const grpc::Status& status,
                                                 const auth::v1::VerifyTokenResponse& response) {
  if (!status.ok()) return VerifierUnavailable();
  if (response.has_rejected()) return Denial(response.rejected());
  // A verifier that names no subject has not verified anything.
  if (!response.has_verified() || response.verified().subject().empty()) return VerifierUnavailable();
  const auth::v1::VerifiedToken& verified = response.verified();
  const google::protobuf::Timestamp& expire_time = verified.expire_time();
  const google::protobuf::Duration& cache_for = response.cache_for();
  return Principal(
      {.user_id = verified.subject(),
       .email = verified.email(),
       .name = verified.name(),
       .expire_time = absl::FromUnixSeconds(expire_time.seconds()) + absl::Nanoseconds(expire_time.nanos()),
       .cache_for = absl::Seconds(cache_for.seconds()) + absl::Nanoseconds(cache_for.nanos())});
}

std::shared_ptr<grpc::Channel> MakeVerifierChannel(const std::string& address,
                                                   const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  common::SetBalancing(arguments);
  common::SetReconnect(arguments);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

}  // namespace auth
