#include "common/metrics/admin_config.h"

namespace metrics {
namespace {

constexpr uint16_t kExamplePort = 9100;

}  // namespace

AdminConfig ReadAdmin(common::ConfigReader& reader, const std::string& port_variable, uint16_t served_port) {
  AdminConfig config;
  config.host = reader.String("ADMIN_HOST", "127.0.0.1");
  if (reader.Optional(port_variable)) config.port = reader.Port(port_variable, kExamplePort);
  if (config.port && *config.port != 0 && *config.port == served_port) {
    reader.Fault(port_variable, "is the port that is served to others; choose another one",
                 std::to_string(kExamplePort));
  }
  return config;
}

}  // namespace metrics
