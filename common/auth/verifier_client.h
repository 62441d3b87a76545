#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <utility>

#include "auth/v1/token_verifier.grpc.pb.h"
#include "common/auth/authenticator.h"
#include "common/grpc/reachability.h"

namespace auth {

// Asks the token verifier about each credential, and waits 2.5 s at most. A verifier that is out of reach is tried
// again until it has been so for `patience` (common/grpc/reachability.h), then fails at once. Any failure to get an
// answer is UNAVAILABLE, never a rejection.
class VerifierClient : public Authenticator {
 public:
  explicit VerifierClient(std::shared_ptr<grpc::Channel> channel, absl::Duration patience = common::kPatience);

  void Authenticate(const Credential& credential, const common::CallTrace& trace, absl::Time deadline,
                    Callback done) override;

 private:
  // What all questions have in common. They may outlive this.
  struct Verifier {
    Verifier(std::shared_ptr<grpc::Channel> channel, absl::Duration patience)
        : stub(auth::v1::TokenVerifierService::NewStub(std::move(channel))), reachability(patience) {}

    const std::unique_ptr<auth::v1::TokenVerifierService::Stub> stub;
    common::Reachability reachability;
  };
  class Question;

  static Verdict ToVerdict(const grpc::Status& status, const auth::v1::VerifyTokenResponse& response);

  const std::shared_ptr<Verifier> verifier_;
};

// A channel to the verifier (`HOST:PORT`, `dns:///…` or `unix:PATH`) that spreads calls over all its replicas that
// serve and comes back within 1 s of an outage.
std::shared_ptr<grpc::Channel> MakeVerifierChannel(const std::string& address,
                                                   const std::shared_ptr<grpc::ChannelCredentials>& credentials);

}  // namespace auth
