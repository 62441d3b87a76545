#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/caching_authenticator.h"
#include "common/auth/validation_result.h"
#include "common/auth/verifier_client.h"
#include "common/core/clock.h"
#include "common/core/logger.h"
#include "common/grpc/grpc_server.h"
#include "common/grpc/readiness_loop.h"
#include "common/grpc/transport.h"
#include "common/metrics/admin_server.h"
#include "common/metrics/registry.h"
#include "common/metrics/rpc_metrics.h"
#include "services/todo/change_signals.h"
#include "services/todo/config.h"
#include "services/todo/database.h"
#include "services/todo/postgres_task_store.h"
#include "services/todo/rate_limiter.h"
#include "services/todo/schema_probe.h"
#include "services/todo/task_list_service.h"
#include "services/todo/task_service.h"
#include "services/todo/upkeep.h"
#include "services/todo/worker_pool.h"

namespace todo {

// The running todo service: all its parts, put together. It listens from the start. It is ready while the database
// answers with the schema that it knows and the token verifier is SERVING. Its health is SERVING while it is ready, and
// while only a verifier that was there once is away: the tokens that it knows are good for some time yet. Thread-safe.
class TodoServer {
 public:
  // Starts with database and verifier away as well. Fails where it cannot listen. `clock` must outlive the server.
  static absl::StatusOr<std::unique_ptr<TodoServer>> Start(const Config& config, const common::Clock& clock,
                                                           common::Logger logger);

  // Drains with no grace if that was not done yet.
  ~TodoServer();

  // The port that was chosen.
  int port() const { return server_->port(); }

  // OK while it is ready, else why it is not.
  absl::Status readiness() const { return state_.Get(); }

  const metrics::Registry& registry() const { return registry_; }
  // The admin port that was chosen; 0 where there is none.
  int admin_port() const { return admin_ == nullptr ? 0 : admin_->port(); }

  // Reports NOT_SERVING, accepts no more calls, ends the streams, and lets other calls under way finish within `grace`.
  // Blocks.
  void Drain(absl::Duration grace);

 private:
  TodoServer(const Config& config, const common::Clock& clock, common::Logger logger);

  absl::Status Listen(const Config& config);
  void AddMetrics(const Config& config);
  // Tells all that keeps the service from being of use. Called by the readiness loop alone.
  common::ReadinessLoop::Finding CheckReady();

  // In the order in which each needs those before it.
  const common::Logger logger_;
  const common::Transport transport_;
  metrics::Registry registry_;
  metrics::RpcMetrics rpc_metrics_;
  auth::ValidationMetrics validations_;
  common::ReadinessState state_;
  bool has_met_verifier_ = false;  // touched by CheckReady() alone
  std::shared_ptr<grpc::Channel> verifier_channel_;
  auth::VerifierClient verifier_;
  auth::CachingAuthenticator authenticator_;
  Database database_;
  SchemaProbe schema_probe_;
  DatabaseFacts facts_;
  ChangeLog change_log_;
  ChangeFeed feed_;
  ChangeSignals signals_;
  PostgresTaskStore tasks_;
  TaskListStore lists_;
  WorkerPool workers_;
  RateLimiter limiter_;
  CallGate gate_;
  TaskService task_service_;
  TaskListService task_list_service_;
  Upkeep upkeep_;
  std::unique_ptr<common::GrpcServer> server_;
  std::unique_ptr<common::ReadinessLoop> readiness_;
  std::unique_ptr<metrics::AdminServer> admin_;
};

}  // namespace todo
