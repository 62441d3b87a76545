// token-verifier: owns the issuer's key set and decides about tokens over gRPC.
#include <grpcpp/grpcpp.h>

#include <iostream>

#include "common/core/clock.h"
#include "common/core/command_line.h"
#include "common/core/shutdown_signal.h"
#include "common/grpc/grpc_server.h"
#include "common/grpc/health_probe.h"
#include "common/grpc/readiness_loop.h"
#include "services/verifier/config.h"
#include "services/verifier/jwks_cache.h"
#include "services/verifier/token_verifier.h"
#include "services/verifier/token_verifier_service.h"

namespace {

constexpr absl::Duration kStartupTimeout = absl::Seconds(30);
constexpr absl::Duration kDrainGrace = absl::Seconds(10);

int Serve(const verifier::Config& config, common::ShutdownSignal& shutdown) {
  const common::Logger logger = common::Logger::ToStandardError("token-verifier", config.debug);
  verifier::JwksCache keys({}, {.url = config.jwks_url}, logger);
  if (absl::Status usable = keys.WaitUntilUsable(kStartupTimeout); !usable.ok()) {
    logger.Error("startup_failed", {{"reason", std::string(usable.message())}, {"jwks_url", config.jwks_url}});
    return common::kExitUnreachable;
  }
  const common::SystemClock clock;
  verifier::TokenVerifier token_verifier({.issuers = {{*verifier::ClaimsPolicy::Create(config.claims), keys}}}, clock);
  verifier::TokenVerifierService service(token_verifier, logger);
  auto server = common::GrpcServer::Start(
      {.address = config.address, .credentials = grpc::InsecureServerCredentials(), .reflection = config.debug},
      service);
  if (!server.ok()) {
    logger.Error("startup_failed", {{"reason", std::string(server.status().message())}});
    return common::kExitConfiguration;
  }
  logger.Info("listening", {{"address", config.address}, {"port", (*server)->port()}});
  const auto check = [&keys] {
    return keys.Current() != nullptr ? absl::OkStatus() : absl::UnavailableError("no key set that may still be used");
  };
  {
    const common::ReadinessLoop readiness(**server, check, absl::Seconds(1), logger);
    shutdown.Wait();
  }
  logger.Info("draining");
  (*server)->Drain(kDrainGrace);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  common::ShutdownSignal shutdown;
  common::ConfigReader reader(common::ConfigReader::ProcessEnvironment());
  const verifier::Config config = verifier::ReadConfig(reader);
  return common::RunCommand(
      {.program = "token-verifier", .arguments = {argv + 1, argv + argc}, .faults = reader.faults()},
      {{"", [&] { return Serve(config, shutdown); }},
       {"--check-config", [] { return 0; }},
       {"--healthcheck", [&] { return common::RunHealthcheck(config.address); }}});
}
