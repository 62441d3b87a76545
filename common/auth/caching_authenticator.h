#pragma once

#include "common/auth/authenticator.h"
#include "common/auth/cache_metrics.h"
#include "common/core/clock.h"
#include "common/core/lru_cache.h"
#include "common/core/single_flight.h"

namespace auth {

// Remembers who a token speaks for, so that a call with a known token needs no hop to the verifier; the same token from
// several calls at once is asked about once.
//
// A principal is believed for as long as the verifier allowed, at most 30 s, and never past its token's expiry: within
// that time a revoked key is still believed. Only principals are kept, never denials, and tokens only as their digest.
// Thread-safe.
class CachingAuthenticator : public Authenticator {
 public:
  struct Options {
    size_t max_entries = 10'000;
    size_t max_bytes = 16 << 20;
  };

  // `authenticator` and `clock` must outlive this.
  CachingAuthenticator(Authenticator& authenticator, const common::Clock& clock, Options options);

  std::optional<Principal> Known(const Credential& credential) override;
  // What several calls wait for at once is bound by the authenticator's own limit alone, whatever their deadlines.
  void Authenticate(const Credential& credential, const common::CallTrace& trace, absl::Time deadline,
                    Callback done) override;

  // Sessions, which are not kept, are not counted.
  const CacheMetrics& metrics() const { return metrics_; }

 private:
  struct Entry {
    Principal principal;
    absl::Time asked;
    absl::Time believed_until;
  };

  std::optional<Principal> Find(const common::Sha256Digest& digest, absl::Time now);
  void Remember(const common::Sha256Digest& digest, const Principal& principal, absl::Time asked);

  Authenticator& authenticator_;
  const common::Clock& clock_;
  common::LruCache<Entry> cache_;
  common::SingleFlight<Verdict> flights_;
  CacheMetrics metrics_;
};

}  // namespace auth
