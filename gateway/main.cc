// The gateway's process: flags and environment, the API, its upstreams, the HTTP server.
#include <sys/resource.h>

#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "common/core/logger.h"
#include "common/core/shutdown_signal.h"
#include "common/core/start_log.h"
#include "common/grpc/transport.h"
#include "common/http/health_check.h"
#include "common/http/server.h"
#include "common/http/tls_identity.h"
#include "common/metrics/admin_server.h"
#include "common/metrics/certificate_metrics.h"
#include "common/metrics/http_exposition.h"
#include "common/metrics/process_metrics.h"
#include "common/metrics/registry.h"
#include "gateway/api.h"
#include "gateway/config.h"
#include "gateway/gateway_handler.h"
#include "gateway/grpc_upstream.h"
#include "gateway/readiness.h"
#include "gateway/retrying_upstream.h"

namespace {

// How long a process that is about to end goes on accepting, so that whoever asks /readyz hears of it first.
constexpr absl::Duration kFarewell = absl::Milliseconds(500);
constexpr absl::Duration kDrainGrace = absl::Seconds(10);

int Fail(const std::vector<std::string>& faults) {
  for (const std::string& fault : faults) std::fprintf(stderr, "http-gateway: %s\n", fault.c_str());
  return 1;
}

// A shell's usual 1,024 are fewer than the connections that may be open.
void RaiseFileLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int Healthcheck(const gateway::Config& config) {
  const bool is_tls = !config.certificate_file.empty();
  const absl::Status status = http::CheckHealth(config.host, config.port, "/health", is_tls);
  if (status.ok()) return 0;
  return Fail({"is not healthy: " + std::string(status.message())});
}

std::vector<gateway::ServiceUpstream> MakeUpstreams(const gateway::Config& config, const common::Transport& transport) {
  std::vector<gateway::ServiceUpstream> upstreams;
  for (const auto& [service, address] : config.upstreams) {
    auto upstream = std::make_shared<gateway::GrpcUpstream>(address, transport.ForChannel(config.upstream_tls_name));
    upstreams.push_back({service, std::make_shared<gateway::RetryingUpstream>(std::move(upstream))});
  }
  return upstreams;
}

// The server's certificate; null for plain HTTP.
absl::StatusOr<std::shared_ptr<http::TlsIdentity>> LoadIdentity(const gateway::Config& config) {
  if (config.certificate_file.empty()) return nullptr;
  return http::TlsIdentity::Create(config.certificate_file, config.key_file);
}

int Serve(gateway::Config config, const gateway::Api& api, common::ShutdownSignal& shutdown) {
  RaiseFileLimit();
  const auto logger = common::Logger::ToStandardError("gateway", config.debug);
  common::LogStart(logger, config.variables);
  auto identity = LoadIdentity(config);
  if (!identity.ok()) return Fail({std::string(identity.status().message())});
  const common::Transport transport(config.transport, logger);
  const std::vector<gateway::ServiceUpstream> upstreams = MakeUpstreams(config, transport);
  gateway::Readiness readiness(upstreams);
  const bool is_tls = *identity != nullptr;
  gateway::GatewayHandler handler(api, upstreams, readiness, {*std::move(config.cors), config.auth_mode, is_tls},
                                  logger);
  http::ServerOptions options;
  options.host = config.host;
  options.port = config.port;
  options.trusted_peers = config.trusted_proxies;
  options.limits.connections = config.max_connections;
  options.tls = *std::move(identity);
  options.on_certificate = [&logger, file = config.certificate_file](const absl::Status& status) {
    if (status.ok()) return logger.Info("certificate_reloaded", {{"outcome", "ok"}, {"file", file}});
    logger.Error("certificate_not_reloaded",
                 {{"outcome", "failed"}, {"reason", std::string(status.message())}, {"file", file}});
  };
  auto server = http::Server::Start(options, handler);
  if (!server.ok()) return Fail({std::string(server.status().message())});
  metrics::Registry registry;
  metrics::AddProcessMetrics(registry, logger);
  metrics::AddCertificates(registry, {{"grpc", config.transport.certificate_file}, {"https", config.certificate_file}});
  metrics::AddHttpServer(registry, (*server)->counts());
  handler.request_metrics().AddTo(registry);
  logger.Info("listening", {{"address", config.host}, {"port", int64_t{(*server)->port()}}});
  const auto admin = metrics::AdminServer::Start(
      config.admin, registry, [&readiness] { return readiness.Known(); }, logger);
  if (!admin.ok()) return Fail({std::string(admin.status().message())});

  for (const gateway::Route& route : api.routes()) {
    if (!route.method->client_streaming) continue;
    logger.Warning(
        "route_not_served",
        {{"route", route.path->text()}, {"method", route.method->full_name}, {"reason", "it takes a stream: 501"}});
  }

  shutdown.Wait();
  logger.Info("draining");
  readiness.SetEnding();
  (*server)->AnnounceClose();
  std::this_thread::sleep_for(absl::ToChronoMilliseconds(kFarewell));
  handler.EndStreams();
  (*server)->Drain(kDrainGrace);
  logger.Info("stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // Debian builds abseil with its search for deadlocks on, which gRPC's every lock then pays for.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  common::ShutdownSignal shutdown;
  gateway::Config config = gateway::LoadConfig({argv + 1, argv + argc}, common::ConfigReader::ProcessEnvironment());
  if (config.command == gateway::Command::kPrintHelp) return std::fputs(gateway::kUsage, stdout) < 0;
  if (config.command == gateway::Command::kPrintVersion) return std::puts("http-gateway " PROJECT_VERSION) < 0;
  if (config.command == gateway::Command::kHealthcheck && config.faults.empty()) return Healthcheck(config);

  std::set<std::string> services;
  for (const auto& [service, address] : config.upstreams) services.insert(service);
  // The API is looked at even where something else is at fault, so that an operator sees all faults at once.
  const auto api = config.descriptor_set.empty() ? absl::InvalidArgumentError("")
                                                 : gateway::Api::Create(config.descriptor_set, services, config.api);
  if (!api.ok() && !api.status().message().empty()) {
    for (const absl::string_view fault : absl::StrSplit(api.status().message(), '\n'))
      config.faults.emplace_back(fault);
  }
  if (const auto identity = LoadIdentity(config); !identity.ok()) {
    config.faults.push_back("TLS_CERTIFICATE_FILE, TLS_KEY_FILE: " + std::string(identity.status().message()));
  }
  if (!config.faults.empty()) return Fail(config.faults);
  if (config.command == gateway::Command::kPrintRoutes) return std::fputs((*api)->Describe().c_str(), stdout) < 0;
  if (config.command == gateway::Command::kCheckConfig) return std::puts("the configuration is fine") < 0;
  return Serve(std::move(config), **api, shutdown);
}
