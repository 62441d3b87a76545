#include "services/todo/config.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/todo/database_url.h"

namespace todo {
namespace {

constexpr char kDatabaseExample[] = "postgresql://user:password@host:5432/todo?sslmode=require";

std::string HostAndPort(const std::string& host, uint16_t port) {
  const bool is_ipv6 = absl::StrContains(host, ":");
  return absl::StrCat(is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", ":", port);
}

std::string ReadDatabase(common::ConfigReader& reader, const char* name, const std::string& value) {
  absl::StatusOr<std::string> connection_string = ToConnectionString(value);
  if (connection_string.ok()) return *std::move(connection_string);
  reader.Fault(name, std::string(connection_string.status().message()), kDatabaseExample);
  return "";
}

void ReadDatabases(common::ConfigReader& reader, Config& config) {
  const std::string url = reader.RequiredSecret("NEON_DATABASE_URL", kDatabaseExample);
  if (!url.empty()) config.database = ReadDatabase(reader, "NEON_DATABASE_URL", url);
  const std::optional<std::string> direct_url = reader.Secret("NEON_DATABASE_DIRECT_URL");
  if (direct_url) config.direct_database = ReadDatabase(reader, "NEON_DATABASE_DIRECT_URL", *direct_url);
  config.migration_database = direct_url ? config.direct_database : config.database;
  const std::string service_role = UserOf(config.database);
  if (service_role != UserOf(config.migration_database)) config.service_role = service_role;
}

std::string ReadVerifierAddress(common::ConfigReader& reader, const common::TransportConfig& transport) {
  std::string address = reader.String("VERIFIER_ADDRESS", "127.0.0.1:50052");
  if (absl::StrContains(address, "http://") || absl::StrContains(address, "https://") ||
      !absl::StrContains(address, ":")) {
    reader.Fault("VERIFIER_ADDRESS",
                 absl::StrCat("is not of the form HOST:PORT, dns:///HOST:PORT or unix:PATH: ", address),
                 "127.0.0.1:50052");
  } else {
    common::CheckTarget(reader, transport, "VERIFIER_ADDRESS", address);
  }
  return address;
}

}  // namespace

Config ReadConfig(common::ConfigReader& reader) {
  Config config;
  ReadDatabases(reader, config);
  const std::string host = reader.String("HOST", "127.0.0.1");
  const uint16_t port = reader.Port("TODO_PORT", 50051);
  config.address = HostAndPort(host, port);
  config.transport = common::ReadServerTransport(reader, host);
  config.admin = metrics::ReadAdmin(reader, "TODO_ADMIN_PORT", port);
  config.verifier_address = ReadVerifierAddress(reader, config.transport);
  config.verifier_tls_name = reader.String("VERIFIER_TLS_NAME", "");
  config.database_pool_size = static_cast<int>(reader.Integer("DATABASE_POOL_SIZE", 10, 1, 500));
  config.user_rate = static_cast<int>(reader.Integer("USER_RATE", 50, 0, 1000000));
  config.debug = reader.Bool("DEBUG", false);
  config.variables = reader.variables();
  return config;
}

}  // namespace todo
