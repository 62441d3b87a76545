#include "common/metrics/http_exposition.h"

namespace metrics {

void AddHttpServer(Registry& registry, std::shared_ptr<const http::ServerCounts> counts) {
  registry.AddGauge("http_connections_open", "Connections that are open.",
                    [counts] { return static_cast<double>(counts->connections.total()); });
  registry.AddGauge("http_requests_in_flight", "Requests that are being answered, streams left out.",
                    [counts] { return static_cast<double>(counts->in_flight.load()); });
  registry.AddGauge("http_streams_open", "Answers without a known end that are under way.",
                    [counts] { return static_cast<double>(counts->streams.load()); });
  registry.Add(Type::kCounter, "http_requests_shed_total",
               "Requests, connections and streams that were turned away at a limit, by reason.",
               [counts](Samples& samples) {
                 samples.Add({{"reason", "busy"}}, counts->shed_busy);
                 samples.Add({{"reason", "client"}}, counts->shed_client);
                 samples.Add({{"reason", "connections"}}, counts->shed_connections);
                 samples.Add({{"reason", "streams"}}, counts->shed_streams);
               });
}

}  // namespace metrics
