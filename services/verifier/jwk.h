#pragma once

#include <simdjson.h>

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/verifier/public_key.h"

namespace verifier {

// One usable key of a key set.
struct Jwk {
  // Absent where the key has none.
  std::optional<std::string> key_id;
  PublicKey public_key;
  // The JWK SHA-256 Thumbprint (RFC 7638): which key it is, whatever it is called.
  std::string thumbprint;
};

// Reads one JSON Web Key (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2) that may check signatures.
//
// Fails, saying why, for: a symmetric key, private members, `use` other than `sig`, `key_ops` without `verify`, an
// `alg` that does not fit `kty` and `crv`, and all that PublicKey refuses. Without `alg` the algorithm follows from
// `kty` and `crv`: `rsa_algorithm` for RSA.
absl::StatusOr<Jwk> ParseJwk(simdjson::dom::element element, Algorithm rsa_algorithm = Algorithm::kRs256);

}  // namespace verifier
