#pragma once

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/verifier/algorithm.h"

struct evp_md_ctx_st;
struct evp_pkey_st;

namespace verifier {

// A public key that checks signatures of one algorithm, ready to use: what can be computed once was. The only file that
// talks to OpenSSL about signatures. Immutable and thread-safe; cheap to copy.
//
// Integers are big-endian, as JWK has them (RFC 7518 section 6). Each maker says in its error what is wrong with the
// key.
class PublicKey {
 public:
  // RS* and PS*. Refuses a modulus that is even, under 2,048 or over 8,192 bits and an exponent that is even, under 3,
  // or over 64 bits.
  static absl::StatusOr<PublicKey> FromRsa(Algorithm algorithm, std::string_view modulus, std::string_view exponent);
  // ES*: the curve is the algorithm's. Refuses coordinates of another length and points off the curve.
  static absl::StatusOr<PublicKey> FromEc(Algorithm algorithm, std::string_view x, std::string_view y);
  // Ed25519: 32 bytes (RFC 8032 section 5.1.5). Refuses what is no point of the curve, and points of small order.
  static absl::StatusOr<PublicKey> FromEd25519(std::string_view x);

  Algorithm algorithm() const { return algorithm_; }

  // Whether `signature` is this key's over `message`. A signature of the wrong length is false before any arithmetic:
  // 64 bytes for Ed25519, twice the order's length for ES* (RFC 7518 section 3.4), the modulus's length for RSA.
  bool Verify(std::string_view message, std::string_view signature) const;

 private:
  PublicKey(Algorithm algorithm, std::shared_ptr<const evp_md_ctx_st> ready, size_t signature_bytes)
      : algorithm_(algorithm), ready_(std::move(ready)), signature_bytes_(signature_bytes) {}

  static absl::StatusOr<PublicKey> Create(Algorithm algorithm, evp_pkey_st* key, size_t signature_bytes);

  Algorithm algorithm_;
  // Knows key and algorithm, and is copied for each signature: that costs a tenth less than to begin anew.
  std::shared_ptr<const evp_md_ctx_st> ready_;
  size_t signature_bytes_;
};

}  // namespace verifier
