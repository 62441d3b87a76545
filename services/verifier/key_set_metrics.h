#pragma once

#include "common/metrics/registry.h"
#include "services/verifier/key_sets.h"

namespace verifier {

// Adds `jwks_*`: how the fetching of each key set goes, and what is in it. `key_sets` must outlive the last scrape.
void AddKeySetMetrics(metrics::Registry& registry, const KeySets& key_sets);

}  // namespace verifier
