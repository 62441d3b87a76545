#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include <memory>

#include "auth/v1/token_verifier.grpc.pb.h"
#include "common/auth/authenticator.h"

namespace auth {

// Asks the token verifier about each credential: one try, at most 2.5 s, and a refused connection fails at once. Any
// failure to get an answer is UNAVAILABLE, never a rejection.
class VerifierClient : public Authenticator {
 public:
  explicit VerifierClient(std::shared_ptr<grpc::Channel> channel);

  void Authenticate(const Credential& credential, const common::CallTrace& trace, absl::Time deadline,
                    Callback done) override;

 private:
  static Verdict ToVerdict(const grpc::Status& status, const auth::v1::VerifyTokenResponse& response);

  std::unique_ptr<auth::v1::TokenVerifierService::Stub> stub_;
};

// A channel to the verifier (`HOST:PORT`, `dns:///…` or `unix:PATH`) that spreads calls over all its replicas that
// serve and comes back within 1 s of an outage.
std::shared_ptr<grpc::Channel> MakeVerifierChannel(const std::string& address,
                                                   const std::shared_ptr<grpc::ChannelCredentials>& credentials);

}  // namespace auth
