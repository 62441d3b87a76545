// todo-service: keeps users' tasks in PostgreSQL and serves them over gRPC.
#include "common/core/command_line.h"
#include "common/core/shutdown_signal.h"
#include "common/grpc/health_probe.h"
#include "services/todo/commands.h"
#include "services/todo/config.h"

int main(int argc, char** argv) {
  common::ShutdownSignal shutdown;
  common::ConfigReader reader(common::ConfigReader::ProcessEnvironment());
  const todo::Config config = todo::ReadConfig(reader);
  return common::RunCommand(
      {.program = "todo-service", .arguments = {argv + 1, argv + argc}, .faults = reader.faults()},
      {{"", [&] { return todo::Serve(config, shutdown); }},
       {"migrate", [&] { return todo::RunMigrations(config); }},
       {"--check-config", [&] { return todo::CheckDatabases(config); }},
       {"--healthcheck", [&] { return common::RunHealthcheck(config.address, config.transport); }}});
}
