#include "services/verifier/key_set_metrics.h"

namespace verifier {
namespace {

using Status = auth::v1::KeySetStatus;
using metrics::Samples;
using metrics::Type;

double Seconds(const google::protobuf::Timestamp& time) {
  return static_cast<double>(time.seconds()) + time.nanos() * 1e-9;
}

// A gauge of one value for each key set, by its URL.
void AddGauge(metrics::Registry& registry, const KeySets& key_sets, std::string_view name, std::string_view help,
              double (*value)(const Status&)) {
  registry.Add(Type::kGauge, name, help, [&key_sets, value](Samples& samples) {
    const auth::v1::GetKeySetStatusResponse now = key_sets.Status();
    for (const Status& status : now.key_sets()) {
      samples.Add({{"jwks_url", status.jwks_url()}}, value(status));
    }
  });
}

}  // namespace

void AddKeySetMetrics(metrics::Registry& registry, const KeySets& key_sets) {
  registry.Add(Type::kCounter, "jwks_fetch_total", "Fetches of a key set, by what came of them.",
               [&key_sets](Samples& samples) {
                 const auth::v1::GetKeySetStatusResponse now = key_sets.Status();
                 for (const Status& status : now.key_sets()) {
                   for (const auto& [result, count] : status.fetches()) {
                     samples.Add({{"jwks_url", status.jwks_url()}, {"result", result}}, static_cast<double>(count));
                   }
                 }
               });
  AddGauge(registry, key_sets, "jwks_last_success_timestamp_seconds",
           "When a key set was last fetched well, in seconds since the epoch; 0 where it never was.",
           [](const Status& status) { return Seconds(status.last_success_time()); });
  AddGauge(registry, key_sets, "jwks_usable_until_timestamp_seconds",
           "Until when a key set serves if nothing better comes; 0 where there is none.",
           [](const Status& status) { return Seconds(status.usable_until_time()); });
  AddGauge(registry, key_sets, "jwks_keys", "Keys that check signatures now.",
           [](const Status& status) { return static_cast<double>(status.usable_keys_size()); });
  AddGauge(registry, key_sets, "jwks_keys_skipped", "Keys that are published but cannot be used; the log says why.",
           [](const Status& status) { return static_cast<double>(status.unusable_keys_size()); });
}

}  // namespace verifier
