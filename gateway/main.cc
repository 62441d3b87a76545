// The gateway's process: flags and environment, the API, its upstreams, the HTTP server.
#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/core/logger.h"
#include "common/core/shutdown_signal.h"
#include "common/http/health_check.h"
#include "common/http/server.h"
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

int Healthcheck(const gateway::Config& config) {
  const absl::Status status = http::CheckHealth(config.host, config.port, "/health");
  if (status.ok()) return 0;
  return Fail({"is not healthy: " + std::string(status.message())});
}

int Serve(gateway::Config config, const gateway::Api& api, common::ShutdownSignal& shutdown) {
  const auto logger = common::Logger::ToStandardError("gateway", config.debug);
  std::vector<gateway::ServiceUpstream> upstreams;
  for (const auto& [service, address] : config.upstreams) {
    auto upstream = std::make_shared<gateway::GrpcUpstream>(address, grpc::InsecureChannelCredentials());
    upstreams.push_back({service, std::make_shared<gateway::RetryingUpstream>(std::move(upstream))});
  }
  gateway::Readiness readiness(upstreams);
  gateway::GatewayHandler handler(api, upstreams, readiness, {*std::move(config.cors), config.auth_mode}, logger);
  http::ServerOptions options;
  options.host = config.host;
  options.port = config.port;
  options.trusted_peers = config.trusted_proxies;
  auto server = http::Server::Start(options, handler);
  if (!server.ok()) return Fail({std::string(server.status().message())});
  logger.Info("started", {{"host", config.host}, {"port", int64_t{(*server)->port()}}});

  shutdown.Wait();
  logger.Info("stopping");
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
  common::ShutdownSignal shutdown;
  gateway::Config config = gateway::LoadConfig({argv + 1, argv + argc}, common::ConfigReader::ProcessEnvironment());
  if (config.command == gateway::Command::kPrintHelp) return std::fputs(gateway::kUsage, stdout) < 0;
  if (config.command == gateway::Command::kPrintVersion) return std::puts("http-gateway " PROJECT_VERSION) < 0;
  if (config.command == gateway::Command::kHealthcheck && config.faults.empty()) return Healthcheck(config);

  std::set<std::string> services;
  for (const auto& [service, address] : config.upstreams) services.insert(service);
  // The API is looked at even where something else is at fault, so that an operator sees all faults at once.
  const auto api = config.descriptor_set.empty() ? absl::InvalidArgumentError("")
                                                 : gateway::Api::Create(config.descriptor_set, services);
  if (!api.ok() && !api.status().message().empty()) {
    for (const absl::string_view fault : absl::StrSplit(api.status().message(), '\n'))
      config.faults.emplace_back(fault);
  }
  if (!config.faults.empty()) return Fail(config.faults);
  if (config.command == gateway::Command::kPrintRoutes) return std::fputs((*api)->Describe().c_str(), stdout) < 0;
  if (config.command == gateway::Command::kCheckConfig) return std::puts("the configuration is fine") < 0;
  return Serve(std::move(config), **api, shutdown);
}
