#include "services/todo/todo_server.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/auth_interceptor.h"
#include "common/auth/authenticated_context.h"
#include "common/grpc/health_probe.h"
#include "common/grpc/rpc_log.h"
#include "common/metrics/certificate_metrics.h"
#include "common/metrics/process_metrics.h"
#include "common/metrics/validation_exposition.h"
#include "services/todo/deadline.h"
#include "services/todo/migrations.h"
#include "services/todo/task_errors.h"
#include "services/todo/todo_metrics.h"

namespace todo {
namespace {

constexpr absl::Duration kReadinessInterval = absl::Seconds(1);
constexpr absl::Duration kUpkeepInterval = absl::Hours(1);
constexpr absl::Duration kProbeTimeout = absl::Seconds(1);

ConnectionPoolOptions PoolOptions(const Config& config) {
  return {.connection_string = config.database, .size = config.database_pool_size, .check = CheckSchema};
}

}  // namespace

absl::StatusOr<std::unique_ptr<TodoServer>> TodoServer::Start(const Config& config, const common::Clock& clock,
                                                              common::Logger logger) {
  auto server = std::unique_ptr<TodoServer>(new TodoServer(config, clock, std::move(logger)));
  if (absl::Status status = server->Listen(config); !status.ok()) return status;
  server->AddMetrics(config);
  auto admin = metrics::AdminServer::Start(
      config.admin, server->registry_, [&state = server->state_] { return state.Get(); }, server->logger_);
  if (!admin.ok()) return admin.status();
  server->admin_ = *std::move(admin);
  server->readiness_ = std::make_unique<common::ReadinessLoop>(
      *server->server_, server->state_, [server = server.get()] { return server->CheckReady(); }, kReadinessInterval,
      server->logger_);
  return server;
}

TodoServer::TodoServer(const Config& config, const common::Clock& clock, common::Logger logger)
    : logger_(std::move(logger)),
      transport_(config.transport, logger_),
      rpc_metrics_({"todo.v1.TaskService", "todo.v1.TaskListService"}),
      verifier_channel_(
          auth::MakeVerifierChannel(config.verifier_address, transport_.ForChannel(config.verifier_tls_name))),
      verifier_(verifier_channel_),
      authenticator_(verifier_, clock, {}),
      database_(PoolOptions(config), logger_),
      schema_probe_(config.database, database_),
      facts_(database_),
      change_log_(database_),
      feed_(change_log_, facts_, clock),
      signals_(database_, feed_, config.direct_database, logger_),
      tasks_(database_, clock, [this](const std::string& user_id) { signals_.Changed(user_id); }),
      lists_(database_, clock, [this](const std::string& user_id) { signals_.Changed(user_id); }),
      workers_({.threads = config.database_pool_size, .threads_a_user = (config.database_pool_size + 1) / 2}),
      limiter_(config.user_rate),
      gate_(workers_, limiter_, logger_),
      task_service_({gate_, tasks_, lists_, change_log_, feed_, facts_, clock}),
      task_list_service_(gate_, lists_),
      upkeep_(database_, kUpkeepInterval, logger_) {}

TodoServer::~TodoServer() { Drain(absl::ZeroDuration()); }

absl::Status TodoServer::Listen(const Config& config) {
  common::GrpcServerOptions options;
  options.address = config.address;
  options.credentials = transport_.ForServer();
  options.connection_age = config.transport.connection_age;
  options.interceptors.push_back(std::make_unique<common::RpcLogFactory>(logger_));
  options.interceptors.push_back(std::make_unique<metrics::RpcMetricsFactory>(rpc_metrics_));
  options.interceptors.push_back(std::make_unique<auth::AuthInterceptorFactory>(authenticator_, validations_, logger_));
  options.context_allocator = std::make_unique<auth::AuthenticatedContextAllocator>();
  options.reflection = config.debug;
  options.further_services.push_back(&task_list_service_);
  absl::StatusOr<std::unique_ptr<common::GrpcServer>> server =
      common::GrpcServer::Start(std::move(options), task_service_);
  if (!server.ok()) return server.status();
  server_ = *std::move(server);
  logger_.Info("listening", {{"address", config.address}, {"port", port()}});
  return absl::OkStatus();
}

void TodoServer::AddMetrics(const Config& config) {
  metrics::AddProcessMetrics(registry_, logger_);
  metrics::AddCertificates(registry_, {{"grpc", config.transport.certificate_file}});
  rpc_metrics_.AddTo(registry_);
  metrics::AddValidations(registry_, validations_);
  metrics::AddTokenCache(registry_, authenticator_.metrics());
  AddCallMetrics(registry_, gate_, workers_);
  AddDatabaseMetrics(registry_, database_);
}

common::ReadinessLoop::Finding TodoServer::CheckReady() {
  const absl::Status database = schema_probe_.Check(DeadlineAfter(kProbeTimeout));
  const absl::Status verifier = common::ProbeHealth(verifier_channel_, kProbeTimeout);
  std::string reasons;
  if (!database.ok()) absl::StrAppend(&reasons, "database: ", database.message());
  // Its channel, which goes by health checks, cannot tell the two.
  if (!verifier.ok()) absl::StrAppend(&reasons, reasons.empty() ? "" : "; ", "verifier: does not answer or serve");
  if (verifier.ok()) has_met_verifier_ = true;
  return {reasons.empty() ? absl::OkStatus() : absl::UnavailableError(reasons), database.ok() && has_met_verifier_};
}

void TodoServer::Drain(absl::Duration grace) {
  state_.SetEnding();
  readiness_ = nullptr;
  // First of all, so that streams that end, and new calls, go to another replica.
  if (server_ != nullptr && grace > absl::ZeroDuration()) server_->BidFarewell();
  // A stream would last as long as it may.
  feed_.EndAll(DatabaseUnavailable("the service is stopping; connect again"));
  if (server_ != nullptr) server_->Drain(grace);
}

}  // namespace todo
