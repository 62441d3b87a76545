#pragma once

#include <string>

#include "common/core/config_reader.h"
#include "common/grpc/transport_config.h"
#include "common/metrics/admin_config.h"

namespace todo {

// How the todo service runs. A value.
struct Config {
  // Connection strings as ToConnectionString() makes them. They hold passwords: never print them.
  std::string database;
  // For migrations, past any pooler; the same as `database` unless set apart.
  std::string migration_database;
  // For LISTEN, past any pooler; empty where none is set apart.
  std::string direct_database;
  // The role that `database` is used as, where it is another one than that of `migration_database`: it is granted what
  // the service needs. Empty otherwise.
  std::string service_role;
  // What to listen on, `HOST:PORT`; port 0 lets the system choose.
  std::string address;
  metrics::AdminConfig admin;
  // `HOST:PORT`, `dns:///…` or `unix:PATH`.
  std::string verifier_address;
  // The name that the verifier's certificate must hold; empty for the host of its address.
  std::string verifier_tls_name;
  common::TransportConfig transport;
  // How many connections to the database, and how many calls at once work on it.
  int database_pool_size = 0;
  // Calls a second and user; 0 for any number.
  int user_rate = 0;
  // The names of the variables that are set, for the log.
  std::string variables;
  // Log lines for human eyes, and gRPC reflection.
  bool debug = false;
};

// Reads the configuration; what is wrong with it is among the faults of `reader`.
Config ReadConfig(common::ConfigReader& reader);

}  // namespace todo
