#include "services/todo/todo_metrics.h"

namespace todo {

using metrics::Samples;
using metrics::Type;

void AddDatabaseMetrics(metrics::Registry& registry, const Database& database) {
  const ConnectionPool& pool = database.pool();
  registry.AddGauge("db_pool_in_use", "Connections to PostgreSQL that statements hold.",
                    [&pool] { return pool.usage().in_use; });
  registry.AddGauge("db_pool_idle", "Connections to PostgreSQL that nobody holds.",
                    [&pool] { return pool.usage().idle; });
  registry.AddGauge("db_pool_max", "How many connections to PostgreSQL there may be.",
                    [&pool] { return pool.usage().max; });
  registry.Add(Type::kHistogram, "db_pool_acquire_seconds", "Time until a connection was had, or was given up.",
               [&pool](Samples& samples) { samples.Add({}, pool.acquire_seconds()); });
  registry.Add(Type::kCounter, "db_errors_total", "Tries of statements that failed, by what was in the way.",
               [&errors = database.errors()](Samples& samples) {
                 for (size_t i = 0; i < DatabaseErrors::kClasses.size(); ++i) {
                   samples.Add({{"class", DatabaseErrors::kClasses[i]}}, errors.count(i));
                 }
               });
}

void AddCallMetrics(metrics::Registry& registry, const CallGate& gate, const WorkerPool& workers) {
  registry.AddCounter("authz_cross_user_denied_total", "Calls that named another user's id than their token's.",
                      gate.cross_user_denied());
  registry.Add(Type::kCounter, "grpc_calls_shed_total", "Calls that were refused to keep the service up, by reason.",
               [&gate, &workers](Samples& samples) {
                 samples.Add({{"reason", "busy"}}, workers.refused());
                 samples.Add({{"reason", "user_rate"}}, gate.rate_limited());
               });
}

}  // namespace todo
