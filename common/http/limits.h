#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace http {

// What one client may ask of the server. Sizes are in bytes. A value; the defaults suit a public edge.
struct Limits {
  size_t request_line = 8 * 1024;      // beyond: 414
  size_t header = 9 * 1024;            // one header line; beyond: 431
  size_t headers = 16 * 1024;          // all header lines together; beyond: 431
  size_t header_count = 100;           // beyond: 431
  uint64_t body = 64 * 1024;           // where the handler sets no other; beyond: 413
  size_t connections = 4096;           // beyond: accepting waits
  size_t connections_per_client = 64;  // beyond: the new connection is closed
  size_t in_flight = 256;              // requests being answered; beyond: 503 with Retry-After
  size_t streams = 2048;               // answers without a known end, which are not in flight; beyond: 503
  size_t stream_backlog = 64 * 1024;   // of a stream, not taken by the client yet; beyond: no more is asked for
  absl::Duration read_head = absl::Seconds(10);    // from its first byte to its last; beyond: 408
  absl::Duration read_body = absl::Seconds(20);    // the same; beyond: 408
  absl::Duration idle = absl::Seconds(60);         // between two requests; beyond: closed
  absl::Duration write_stall = absl::Seconds(30);  // without a byte taken by the client; beyond: closed
  size_t unsent = 256 << 20;  // bytes of all answers that clients have not taken yet; beyond, memory is short:
  absl::Duration short_stall = absl::Seconds(1);  // what write_stall is then
  absl::Duration linger = absl::Seconds(1);       // how long a closed client may go on sending before it is cut off
};

}  // namespace http
