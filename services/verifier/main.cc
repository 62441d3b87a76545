// token-verifier: owns the issuer's key set and decides about tokens over gRPC and for reverse proxies.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "common/core/clock.h"
#include "common/core/command_line.h"
#include "common/core/shutdown_signal.h"
#include "common/core/start_log.h"
#include "common/grpc/grpc_server.h"
#include "common/grpc/health_probe.h"
#include "common/grpc/readiness_loop.h"
#include "common/grpc/rpc_log.h"
#include "common/grpc/transport.h"
#include "common/http/server.h"
#include "common/metrics/admin_server.h"
#include "common/metrics/certificate_metrics.h"
#include "common/metrics/http_exposition.h"
#include "common/metrics/process_metrics.h"
#include "common/metrics/registry.h"
#include "common/metrics/rpc_metrics.h"
#include "common/metrics/validation_exposition.h"
#include "services/verifier/check_command.h"
#include "services/verifier/config.h"
#include "services/verifier/credential_verifier.h"
#include "services/verifier/forward_auth_handler.h"
#include "services/verifier/key_set_metrics.h"
#include "services/verifier/key_sets.h"
#include "services/verifier/token_verifier_service.h"

namespace {

constexpr absl::Duration kDrainGrace = absl::Seconds(10);

verifier::TokenVerifier::Options TokenVerifierOptions(const verifier::Config& config, verifier::KeySets& key_sets) {
  return {.rules = config.token_rules,
          .issuers = key_sets.Issuers(),
          .secret = config.secret,
          .cache_entries = config.token_cache_entries,
          .cache_bytes = config.token_cache_bytes,
          .cache_for = config.cache_for};
}

// Null where the configuration asks for none.
absl::StatusOr<std::unique_ptr<http::Server>> StartForwardAuth(const verifier::Config& config, http::Handler& handler) {
  if (!config.forward_auth_port) return nullptr;
  http::ServerOptions options;
  options.host = config.host;
  options.port = *config.forward_auth_port;
  // One proxy holds a connection for each of its own clients.
  options.limits.connections_per_client = options.limits.connections;
  return http::Server::Start(std::move(options), handler);
}

absl::Status AwaitKeys(const verifier::Config& config, verifier::KeySets& key_sets,
                       const common::ShutdownSignal& shutdown) {
  const common::ShutdownSignal::AtOnce nothing_to_drain(shutdown);
  return key_sets.WaitUntilUsable(config.startup_timeout);
}

int Serve(const verifier::Config& config, common::ShutdownSignal& shutdown) {
  const common::Logger logger = common::Logger::ToStandardError("token-verifier", config.debug);
  common::LogStart(logger, config.variables);
  const common::SystemClock clock;
  common::ReadinessState state;
  auth::ValidationMetrics validations;
  metrics::RpcMetrics rpc_metrics({"auth.v1.TokenVerifierService"});
  metrics::Registry registry;
  metrics::AddProcessMetrics(registry, logger);
  metrics::AddCertificates(registry, {{"grpc", config.transport.certificate_file}});
  metrics::AddValidations(registry, validations);
  rpc_metrics.AddTo(registry);
  verifier::KeySets key_sets(config, logger);
  std::optional<verifier::TokenVerifier> token_verifier;
  if (config.takes_jwt) {
    token_verifier.emplace(TokenVerifierOptions(config, key_sets), clock);
    verifier::AddKeySetMetrics(registry, key_sets);
    metrics::AddTokenCache(registry, token_verifier->cache_metrics());
  }
  // Before the wait for the first keys, so that whoever looks sees what it waits for.
  const auto admin = metrics::AdminServer::Start(
      config.admin, registry, [&state] { return state.Get(); }, logger);
  if (!admin.ok()) {
    logger.Error("startup_failed", {{"reason", std::string(admin.status().message())}});
    return common::kExitConfiguration;
  }
  if (config.takes_jwt) {
    if (absl::Status usable = AwaitKeys(config, key_sets, shutdown); !usable.ok()) {
      logger.Error("startup_failed", {{"outcome", "failed"}, {"reason", std::string(usable.message())}});
      return EXIT_FAILURE;
    }
  }
  if (config.secret) logger.Warning("hs256_allowed", {{"reason", "DEBUG=true and BETTER_AUTH_SECRET are set"}});
  std::optional<verifier::SessionClient> session_client;
  std::optional<verifier::SessionVerifier> session_verifier;
  if (config.takes_session) {
    session_client.emplace(config.session_client);
    session_verifier.emplace(config.sessions, *session_client, clock);
  }
  const verifier::CredentialVerifier credential_verifier(token_verifier ? &*token_verifier : nullptr,
                                                         session_verifier ? &*session_verifier : nullptr);
  verifier::TokenVerifierService service(credential_verifier, key_sets, validations, logger);
  const common::Transport transport(config.transport, logger);
  common::GrpcServerOptions options{.address = config.address,
                                    .credentials = transport.ForServer(),
                                    .connection_age = config.transport.connection_age,
                                    .reflection = config.debug};
  options.interceptors.push_back(std::make_unique<metrics::RpcMetricsFactory>(rpc_metrics));
  options.interceptors.push_back(std::make_unique<common::RpcLogFactory>(logger));
  auto server = common::GrpcServer::Start(std::move(options), service);
  if (!server.ok()) {
    logger.Error("startup_failed", {{"outcome", "failed"}, {"reason", std::string(server.status().message())}});
    return common::kExitConfiguration;
  }
  verifier::ForwardAuthHandler forward_auth_handler(credential_verifier, validations, logger);
  const auto forward_auth = StartForwardAuth(config, forward_auth_handler);
  if (!forward_auth.ok()) {
    logger.Error("startup_failed", {{"outcome", "failed"}, {"reason", std::string(forward_auth.status().message())}});
    return common::kExitConfiguration;
  }
  logger.Info("listening", {{"address", config.address}, {"port", (*server)->port()}});
  if (*forward_auth != nullptr) {
    metrics::AddHttpServer(registry, (*forward_auth)->counts());
    logger.Info("listening_forward_auth", {{"address", config.host}, {"port", int64_t{(*forward_auth)->port()}}});
  }
  const auto check = [&]() -> common::ReadinessLoop::Finding {
    absl::Status usable = config.takes_jwt ? key_sets.CheckUsable() : absl::OkStatus();
    // Sessions need no key.
    return {usable, usable.ok() || config.takes_session};
  };
  {
    const common::ReadinessLoop readiness(**server, state, check, absl::Seconds(1), logger);
    shutdown.Wait();
    state.SetEnding();
  }
  logger.Info("draining");
  if (*forward_auth != nullptr) (*forward_auth)->AnnounceClose();
  (*server)->BidFarewell();
  const absl::Time cut_off = clock.Now() + kDrainGrace;
  if (*forward_auth != nullptr) (*forward_auth)->Drain(kDrainGrace);
  (*server)->Drain(std::max(cut_off - clock.Now(), absl::ZeroDuration()));
  logger.Info("stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto check = [&] {
    return verifier::RunCheckCommand({argv + 2, argv + argc}, common::ConfigReader::ProcessEnvironment(),
                                     {std::cin, std::cout, std::cerr});
  };
  // Before the signals are blocked: Ctrl-C ends it.
  if (argc > 1 && std::string_view(argv[1]) == "check") return check();
  common::ShutdownSignal shutdown;
  common::ConfigReader reader(common::ConfigReader::ProcessEnvironment());
  const verifier::Config config = verifier::ReadConfig(reader);
  return common::RunCommand(
      {.program = "token-verifier", .arguments = {argv + 1, argv + argc}, .faults = reader.faults()},
      {{"", [&] { return Serve(config, shutdown); }},
       {"check", check},
       {"--check-config", [] { return 0; }},
       {"--healthcheck", [&] { return common::RunHealthcheck(config.address, config.transport); }}});
}
