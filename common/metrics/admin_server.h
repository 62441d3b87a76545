#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/core/logger.h"
#include "common/http/server.h"
#include "common/metrics/admin_config.h"
#include "common/metrics/registry.h"

namespace metrics {

// What a process tells operators over HTTP, on a port of its own that is not for users:
//
//   /metrics   the registry, in Prometheus's text format 0.0.4
//   /health    200 for as long as the process runs: never looks at what it depends on
//   /readyz    200 where the process may be given work, else 503 with the reason
//
// Serves until it is destroyed, through a drain too: it must go before what the registry reads. Thread-safe.
class AdminServer {
 public:
  // OK where the process may be given work. Called by the server's thread; must say what is known without finding out.
  using Ready = std::function<absl::Status()>;

  // Null where `config` has no port. Adds `service_ready` to `registry`, which must outlive this. Fails with
  // UNAVAILABLE and a message that names the address where it cannot be listened on.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(const AdminConfig& config, Registry& registry, Ready ready,
                                                            const common::Logger& logger);
  ~AdminServer();

  // The port that was chosen.
  uint16_t port() const { return server_->port(); }

 private:
  class Pages;

  AdminServer();

  std::unique_ptr<Pages> pages_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace metrics
