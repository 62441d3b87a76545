#pragma once

#include "common/metrics/counter.h"

namespace auth {

// How often a token was known already. Thread-safe.
struct CacheMetrics {
  metrics::Counter hits;
  metrics::Counter misses;
};

}  // namespace auth
