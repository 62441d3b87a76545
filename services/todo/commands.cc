#include "services/todo/commands.h"

#include <iostream>

#include "absl/strings/str_join.h"
#include "common/core/clock.h"
#include "common/core/command_line.h"
#include "common/core/logger.h"
#include "common/core/start_log.h"
#include "services/todo/database_connection.h"
#include "services/todo/migrations.h"
#include "services/todo/todo_server.h"

namespace todo {
namespace {

constexpr absl::Duration kDrainGrace = absl::Seconds(10);

int CheckDatabase(const char* variable, const std::string& connection_string) {
  const absl::Status status = DatabaseConnection::Open(connection_string).status();
  if (status.ok()) return 0;
  std::cerr << "todo-service: " << variable << ": the database cannot be reached: " << status.message() << "\n";
  return common::kExitUnreachable;
}

}  // namespace

int Serve(const Config& config, common::ShutdownSignal& shutdown) {
  const common::Logger logger = common::Logger::ToStandardError("todo-service", config.debug);
  common::LogStart(logger, config.variables);
  const common::SystemClock clock;
  const absl::StatusOr<std::unique_ptr<TodoServer>> server = TodoServer::Start(config, clock, logger);
  if (!server.ok()) {
    logger.Error("startup_failed", {{"outcome", "failed"}, {"reason", std::string(server.status().message())}});
    return common::kExitConfiguration;
  }
  shutdown.Wait();
  logger.Info("draining");
  (*server)->Drain(kDrainGrace);
  logger.Info("stopped");
  return 0;
}

int RunMigrations(const Config& config) {
  const auto connection = DatabaseConnection::Open(config.migration_database);
  if (!connection.ok()) {
    std::cerr << "todo-service: the database cannot be reached: " << connection.status().message() << "\n";
    return common::kExitUnreachable;
  }
  const absl::StatusOr<std::vector<int>> applied = Migrate(**connection);
  if (!applied.ok()) {
    std::cerr << "todo-service: the schema is not up to date: " << applied.status().message() << "\n";
    return common::kExitConfiguration;
  }
  if (!config.service_role.empty()) {
    if (absl::Status status = GrantService(**connection, config.service_role); !status.ok()) {
      std::cerr << "todo-service: the role of NEON_DATABASE_URL could not be granted what it needs: "
                << status.message() << ": create that role, and let the one of NEON_DATABASE_DIRECT_URL alter it\n";
      return common::kExitConfiguration;
    }
  }
  std::cout << "schema version " << KnownMigrations().back().version
            << ", applied now: " << (applied->empty() ? "none" : absl::StrJoin(*applied, ", ")) << "\n";
  return 0;
}

int CheckDatabases(const Config& config) {
  const int exit_code = CheckDatabase("NEON_DATABASE_URL", config.database);
  if (config.migration_database == config.database) return exit_code;
  const int direct_exit_code = CheckDatabase("NEON_DATABASE_DIRECT_URL", config.migration_database);
  return exit_code != 0 ? exit_code : direct_exit_code;
}

}  // namespace todo
