#pragma once

#include "common/core/logger.h"
#include "common/metrics/registry.h"

namespace metrics {

// Adds what every process tells: `build_info`, the `process_*` metrics that Prometheus's own client libraries have, and
// what `logger` and its copies wrote. `logger` is kept.
void AddProcessMetrics(Registry& registry, const common::Logger& logger);

}  // namespace metrics
