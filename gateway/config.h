#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/core/config_reader.h"
#include "common/grpc/transport_config.h"
#include "common/http/address_set.h"
#include "common/metrics/admin_config.h"
#include "gateway/api.h"
#include "gateway/auth_mode.h"
#include "gateway/cors.h"

namespace gateway {

// What the process is to do.
enum class Command { kServe, kPrintRoutes, kCheckConfig, kHealthcheck, kPrintVersion, kPrintHelp };

// Flags and environment, checked.
struct Config {
  Command command = Command::kServe;
  std::string host;
  uint16_t port = 0;
  bool debug = false;
  metrics::AdminConfig admin;
  std::string variables;                         // the names of those that are set, for the log
  std::string descriptor_set;                    // its bytes
  std::map<std::string, std::string> upstreams;  // address by the full name of the service
  // How the upstreams are spoken with, and the name that their certificates must hold; empty for the address's host.
  common::TransportConfig transport;
  std::string upstream_tls_name;
  AuthMode auth_mode;
  std::optional<CorsPolicy> cors;
  http::AddressSet trusted_proxies;
  size_t max_connections = 0;
  std::string certificate_file;  // both empty for plain HTTP
  std::string key_file;
  ApiOptions api;

  // One line a fault; where there is any, only `command` may be used.
  std::vector<std::string> faults;
};

// Reads the whole configuration and collects every fault. `arguments` are those behind the program's name.
Config LoadConfig(const std::vector<std::string>& arguments, common::ConfigReader::Environment environment);

// What `--help` prints.
extern const char kUsage[];

}  // namespace gateway
