#pragma once

#include <atomic>
#include <cstddef>

#include "common/http/connection_count.h"
#include "common/metrics/counter.h"

namespace http {

// What a server has under way, and what it turned away. Thread-safe.
struct ServerCounts {
  ConnectionCount connections;
  // Requests whose Responder was neither used nor dropped.
  std::atomic<size_t> in_flight{0};
  // Streams that were neither ended nor dropped.
  std::atomic<size_t> streams{0};

  // Requests for which too many were in flight, in all or of one client behind a proxy.
  metrics::Counter shed_busy;
  metrics::Counter shed_client;
  // Connections of clients that had their share already.
  metrics::Counter shed_connections;
  // Streams for which there were too many.
  metrics::Counter shed_streams;
};

}  // namespace http
