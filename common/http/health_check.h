#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace http {

// Asks the server at `host`:`port` for `path` and fails unless it answers 200 within two seconds: the `--healthcheck`
// of a binary. An address that means all interfaces (`0.0.0.0`, `::`) is asked on loopback. With
// `is_tls` whatever certificate it shows will do: who is asked is this machine. Blocks.
absl::Status CheckHealth(const std::string& host, uint16_t port, const std::string& path, bool is_tls = false);

}  // namespace http
