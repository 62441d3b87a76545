#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "gateway/upstream.h"

namespace gateway {

// An upstream over a gRPC channel. Spreads calls over all addresses that the name resolves to and passes over those
// whose health check says NOT_SERVING, so that a call fails at once where nobody serves. Reconnects within a second.
class GrpcUpstream : public Upstream {
 public:
  // `address` is what gRPC takes, `HOST:PORT`, `dns:///NAME:PORT`, `unix:PATH`, or a list of IP addresses,
  // `A:PORT,B:PORT`. Connects when it is first used.
  GrpcUpstream(const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials);

  Cancel Call(std::shared_ptr<const UpstreamRequest> request, Done done) override;
  std::shared_ptr<UpstreamStream> Stream(std::shared_ptr<const UpstreamRequest> request,
                                         std::shared_ptr<StreamReader> reader) override;
  absl::Status Probe(absl::Duration timeout) override;

 private:
  // Shared with the calls under way, which may outlive this.
  const std::shared_ptr<const std::string> target_;
  std::shared_ptr<grpc::Channel> channel_;
  // Without client health checks: a probe must reach a server that says NOT_SERVING.
  std::shared_ptr<grpc::Channel> probe_channel_;
  grpc::GenericStub stub_;
};

}  // namespace gateway
