#include "common/grpc/health_probe.h"

#include <grpcpp/grpcpp.h>

#include <iostream>

#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "common/grpc/transport.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace common {

absl::Status ProbeHealth(const std::shared_ptr<grpc::Channel>& channel, absl::Duration timeout) {
  const auto stub = grpc::health::v1::Health::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  grpc::health::v1::HealthCheckResponse response;
  const grpc::Status status = stub->Check(&context, {}, &response);
  // A server without the health service serves what it serves.
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) return absl::OkStatus();
  if (!status.ok()) return absl::UnavailableError("does not answer");
  if (response.status() != grpc::health::v1::HealthCheckResponse::SERVING)
    return absl::UnavailableError("is not serving");
  return absl::OkStatus();
}

int RunHealthcheck(const std::string& address, const TransportConfig& config) {
  const std::string reachable = absl::StrReplaceAll(address, {{"0.0.0.0:", "127.0.0.1:"}, {"[::]:", "[::1]:"}});
  grpc::ChannelArguments arguments;
  // Asked for by its address, a server logs that it has no certificate of that name.
  if (!config.own_names.empty()) arguments.SetSslTargetNameOverride(config.own_names.front());
  const Transport transport(config);
  const auto channel = grpc::CreateCustomChannel(reachable, transport.ForSelf(), arguments);
  const absl::Status health = ProbeHealth(channel, absl::Seconds(2));
  if (health.ok()) return 0;
  std::cerr << "the server on " << reachable << " " << health.message() << "\n";
  return 1;
}

}  // namespace common
