#pragma once

#include <memory>
#include <string>

#include "auth/v1/token_verifier.grpc.pb.h"
#include "common/grpc/grpc_server.h"

namespace todo::testing {

// A token verifier that believes `token-of-NAME` to be NAME's, finds `expired-token` expired, and nothing else
// well-formed. It stands in for the real one, which is tested elsewhere, behind the real client and interceptor.
// Thread-safe.
class FakeVerifier {
 public:
  FakeVerifier();
  ~FakeVerifier();

  // `HOST:PORT`; stays the same over Stop() and Start().
  std::string address() const;

  // When the tokens that it is asked about from now on expire.
  void SetExpireTime(absl::Time time);

  // How long callers may go on with its answers from now on; at first, not at all.
  void SetCacheFor(absl::Duration duration);

  // Healthy or not; it answers in either case.
  void SetServing(bool serving);
  // Not there at all.
  void Stop();
  void Start();

 private:
  class Service;

  int port_ = 0;
  std::unique_ptr<Service> service_;
  std::unique_ptr<common::GrpcServer> server_;
};

}  // namespace todo::testing
