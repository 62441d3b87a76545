#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "common/auth/cache_metrics.h"
#include "common/core/clock.h"
#include "common/core/lru_cache.h"
#include "common/core/single_flight.h"
#include "services/verifier/claims_policy.h"
#include "services/verifier/key_source.h"
#include "services/verifier/shared_secret.h"
#include "services/verifier/token_parser.h"
#include "services/verifier/verdict.h"

namespace verifier {

// Whose tokens are believed: what they must claim, and the keys that check them. `keys` must outlive this.
struct TrustedIssuer {
  ClaimsPolicy policy;
  KeySource& keys;
};

// Verifies tokens: parse, key, signature, claims, in this order, so that no claim is believed before the signature was
// checked.
//
//   token ──► ParseToken ──► KeySource ──► PublicKey::Verify ──► ClaimsPolicy ──► VerifiedToken
//
// Tokens that held are remembered by their digest for as long as the key set that checked them is the current one; at
// each hit their claims are checked again. The same token from several callers at once is verified once. Thread-safe.
class TokenVerifier {
 public:
  struct Options {
    TokenRules rules = {};
    // At least one. With several, a token's `iss` says whose keys it is checked with.
    std::vector<TrustedIssuer> issuers;
    // What HS256 tokens are checked with, where `rules` allow them.
    std::optional<SharedSecret> secret = std::nullopt;
    // How many tokens that held are remembered, and how much memory they may take.
    size_t cache_entries = 10'000;
    size_t cache_bytes = 64 << 20;
    // What callers are told that they may reuse an answer for.
    absl::Duration cache_for = absl::Seconds(30);
  };

  // `clock` and the issuers' key sources must outlive the verifier and every verification under way.
  TokenVerifier(Options options, const common::Clock& clock);

  // Calls `done` exactly once: at once where the token's key is known or the token is rejected without it, else when
  // the key source has looked. `token` must stay until then.
  void Verify(std::string_view token, VerdictCallback done);

  const auth::CacheMetrics& cache_metrics() const { return cache_metrics_; }

 private:
  // A token that held, and with what.
  struct Verification {
    VerifiedToken token;
    Claims claims;
    const TrustedIssuer* issuer;
    std::shared_ptr<const KeySet> keys;  // null where the secret checked it
  };
  using Outcome = OrRejection<std::shared_ptr<const Verification>>;

  // The verdict about a token that held before; nothing where it must be verified anew.
  std::optional<Verdict> Remembered(const common::Sha256Digest& digest);
  void VerifyAnew(std::string_view token, const common::Sha256Digest& digest);
  void LookUpAndVerify(const TrustedIssuer& issuer, ParsedToken token, const common::Sha256Digest& digest);
  void Finish(const common::Sha256Digest& digest, const Outcome& outcome);

  const TrustedIssuer* IssuerOf(const ParsedToken& token) const;
  Outcome VerifyWith(const Jwk& key, std::shared_ptr<const KeySet> keys, const TrustedIssuer& issuer,
                     const ParsedToken& token) const;
  Outcome VerifyWithSecret(const TrustedIssuer& issuer, const ParsedToken& token) const;
  Outcome CheckClaims(const TrustedIssuer& issuer, std::shared_ptr<const KeySet> keys, std::string_view key_id,
                      const ParsedToken& token) const;

  const Options options_;
  const common::Clock& clock_;
  common::LruCache<Verification> cache_;
  common::SingleFlight<Verdict> flights_;
  auth::CacheMetrics cache_metrics_;
};

}  // namespace verifier
