#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "services/verifier/jwk.h"

namespace verifier {

// The usable keys of one JWK Set (RFC 7517 section 5). Immutable and thread-safe: shared as a snapshot.
class KeySet {
 public:
  // A key of the set that cannot be used, and why.
  struct SkippedKey {
    // The key's `kid`; empty where it has none.
    std::string key_id;
    std::string reason;
  };

  // Fails where the text is no JWK Set of at most `max_keys` keys. A key that is unusable is skipped, never the set; a
  // `kid` that was seen already is skipped too. May come out without any usable key. `rsa_algorithm` is what an RSA key
  // without `alg` is for.
  static absl::StatusOr<KeySet> Parse(std::string_view text, size_t max_keys,
                                      Algorithm rsa_algorithm = Algorithm::kRs256);

  // The key for a token: the one with this `kid` whatever its algorithm, so that a mismatch can be told; for a token
  // without `kid` the key of this algorithm where there is exactly one. Null where there is none. The pointer lives as
  // long as the set.
  const Jwk* Find(const std::optional<std::string>& key_id, Algorithm algorithm) const;

  const std::vector<Jwk>& keys() const { return keys_; }
  const std::vector<SkippedKey>& skipped() const { return skipped_; }

 private:
  std::vector<Jwk> keys_;
  absl::flat_hash_map<std::string, size_t> index_by_id_;
  std::vector<SkippedKey> skipped_;
};

}  // namespace verifier
