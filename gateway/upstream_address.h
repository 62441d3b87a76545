#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace gateway {

// Whether this can be the address of an upstream, as gRPC names them: `HOST:PORT`, `dns:NAME:PORT` or
// `dns://SERVER/NAME:PORT`, IP addresses with ports (one, or a list with commas; `ipv4:` and `ipv6:` before them), or a
// socket, `unix:PATH` and `unix-abstract:NAME`. INVALID_ARGUMENT says what is wrong. Asks nobody whether it exists.
absl::Status CheckUpstreamAddress(std::string_view address);

}  // namespace gateway
