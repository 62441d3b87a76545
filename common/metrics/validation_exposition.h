#pragma once

#include "common/auth/cache_metrics.h"
#include "common/auth/validation_result.h"
#include "common/metrics/registry.h"

namespace metrics {

// Adds `auth_token_validations_total` and `auth_token_validation_seconds`. `validations` must outlive the last scrape.
void AddValidations(Registry& registry, const auth::ValidationMetrics& validations);

// Adds `auth_token_cache_hits_total` and `auth_token_cache_misses_total`; the same.
void AddTokenCache(Registry& registry, const auth::CacheMetrics& cache);

}  // namespace metrics
