#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/core/config_reader.h"

namespace metrics {

// Where a process tells operators how it is. A value.
struct AdminConfig {
  std::string host;
  // Absent where nobody asked for it; 0 lets the system choose.
  std::optional<uint16_t> port;
};

// Reads ADMIN_HOST (127.0.0.1) and the variable that names the process's admin port, which must be another one than
// `served_port`.
AdminConfig ReadAdmin(common::ConfigReader& reader, const std::string& port_variable, uint16_t served_port);

}  // namespace metrics
