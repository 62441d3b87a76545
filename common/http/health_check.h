#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace http {

// Asks the server at `host`:`port` for `path` and fails unless it answers 200 within two seconds: the `--healthcheck`
// of a binary. An address that means all interfaces (`0.0.0.0`, `::`) is asked on loopback. Blocks.
absl::Status CheckHealth(const std::string& host, uint16_t port, const std::string& path);

}  // namespace http
