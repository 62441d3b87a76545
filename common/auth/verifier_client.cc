#include "common/auth/verifier_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/auth/denial.h"
#include "common/grpc/balancing.h"
#include "common/grpc/callback_threads.h"
#include "common/grpc/delayed_task.h"
#include "common/grpc/reconnect.h"

namespace auth {
namespace {

constexpr absl::Duration kTimeout = absl::Milliseconds(2500);

constexpr absl::Duration kPause = absl::Milliseconds(40);

// Whether no verifier has answered: its own UNAVAILABLE comes with a reason.
bool IsOutOfReach(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty();
}

}  // namespace

// One credential, and what must live until the answer is there.
class VerifierClient::Question : public std::enable_shared_from_this<Question> {
 public:
  Question(std::shared_ptr<Verifier> verifier, const Credential& credential, common::CallTrace trace,
           absl::Time deadline, Callback done)
      : verifier_(std::move(verifier)), trace_(std::move(trace)), deadline_(deadline), done_(std::move(done)) {
    request_.set_token(std::string(credential.token));
    request_.set_cookie(std::string(credential.cookie));
    request_.set_origin(std::string(credential.origin));
  }

  void Ask() {
    context_.emplace();
    context_->set_deadline(absl::ToChronoTime(deadline_));
    trace_.AddTo(*context_);
    verifier_->stub->async()->VerifyToken(
        &*context_, &request_, &response_,
        [self = shared_from_this()](const grpc::Status& status) { self->OnAnswer(status); });
  }

 private:
  void OnAnswer(const grpc::Status& status) {
    if (!IsOutOfReach(status)) {
      verifier_->reachability.OnAnswer(status.error_code());
    } else if (verifier_->reachability.IsWorthWaiting(std::chrono::steady_clock::now()) &&
               absl::Now() + kPause < deadline_) {
      return common::RunAfter(kPause, [self = shared_from_this()] { self->Ask(); });
    }
    done_(ToVerdict(status, response_));
  }

  const std::shared_ptr<Verifier> verifier_;
  const common::CallTrace trace_;
  const absl::Time deadline_;
  const Callback done_;
  std::optional<grpc::ClientContext> context_;  // of the present try
  auth::v1::VerifyTokenRequest request_;
  auth::v1::VerifyTokenResponse response_;
};

VerifierClient::VerifierClient(std::shared_ptr<grpc::Channel> channel, absl::Duration patience)
    : verifier_(std::make_shared<Verifier>(std::move(channel), patience)) {}

void VerifierClient::Authenticate(const Credential& credential, const common::CallTrace& trace, absl::Time deadline,
                                  Callback done) {
  const absl::Time latest = std::min(deadline, absl::Now() + kTimeout);
  std::make_shared<Question>(verifier_, credential, trace, latest, std::move(done))->Ask();
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
  common::KeepCallbackThreads();
  grpc::ChannelArguments arguments;
  common::SetBalancing(arguments);
  common::SetReconnect(arguments);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

}  // namespace auth
