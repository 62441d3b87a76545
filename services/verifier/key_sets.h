#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "auth/v1/token_verifier.pb.h"
#include "common/core/logger.h"
#include "services/verifier/config.h"
#include "services/verifier/jwks_cache.h"
#include "services/verifier/token_verifier.h"

namespace verifier {

// The key sets of all issuers, each fetched from its own endpoint. Thread-safe.
class KeySets {
 public:
  // Starts fetching at once.
  KeySets(const Config& config, const common::Logger& logger);

  // Blocks until every set has a usable key or `timeout` has passed. OK where at least one has: an issuer that is away
  // must not lock out the users of the others. Else what the first one's last fetch met.
  absl::Status WaitUntilUsable(absl::Duration timeout);

  // OK where at least one set may be used now.
  absl::Status CheckUsable() const;

  // The issuers and what their tokens must claim, with these key sets, which must outlive what is made of it.
  std::vector<TrustedIssuer> Issuers();

  auth::v1::GetKeySetStatusResponse Status() const;

 private:
  struct Entry {
    ClaimsPolicy policy;
    std::vector<std::string> issuers;
    std::unique_ptr<JwksCache> keys;
  };

  const common::Logger logger_;
  std::vector<Entry> entries_;
};

}  // namespace verifier
