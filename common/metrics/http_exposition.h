#pragma once

#include <memory>

#include "common/http/server_counts.h"
#include "common/metrics/registry.h"

namespace metrics {

// Adds what an HTTP server has under way, and what it turned away.
void AddHttpServer(Registry& registry, std::shared_ptr<const http::ServerCounts> counts);

}  // namespace metrics
