#pragma once

#include "common/metrics/registry.h"
#include "services/todo/call_gate.h"
#include "services/todo/database.h"
#include "services/todo/worker_pool.h"

namespace todo {

// Adds what the todo service's own parts count. They must outlive the last scrape.
void AddDatabaseMetrics(metrics::Registry& registry, const Database& database);
void AddCallMetrics(metrics::Registry& registry, const CallGate& gate, const WorkerPool& workers);

}  // namespace todo
