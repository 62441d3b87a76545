#include "common/metrics/validation_exposition.h"

namespace metrics {

void AddValidations(Registry& registry, const auth::ValidationMetrics& validations) {
  registry.Add(Type::kCounter, "auth_token_validations_total",
               "Credentials that were checked, those known already too, by what that came to.",
               [&validations](Samples& samples) {
                 for (size_t i = 0; i < auth::kValidationResults; ++i) {
                   const auto result = static_cast<auth::ValidationResult>(i);
                   samples.Add({{"result", auth::NameOf(result)}}, validations.count(result));
                 }
               });
  registry.Add(Type::kHistogram, "auth_token_validation_seconds",
               "Time that checking a credential took, where it was known already too.",
               [&validations](Samples& samples) { samples.Add({}, validations.seconds()); });
}

void AddTokenCache(Registry& registry, const auth::CacheMetrics& cache) {
  registry.AddCounter("auth_token_cache_hits_total", "Tokens that were known already.", cache.hits);
  registry.AddCounter("auth_token_cache_misses_total", "Tokens that had to be asked about or verified.", cache.misses);
}

}  // namespace metrics
