#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace mint {

// A private key that cpp-jwt can sign with.
struct PrivateKey {
  // Unencrypted. A secret: never printed.
  std::string pem;
  // The JWS algorithm to sign with: the one that was asked for, else the key's own.
  std::string algorithm;
};

// Takes a PEM text. Fails for what is no private key, is encrypted, is none of RSA from 2,048 bits and P-256, P-384,
// P-521, or does not fit `algorithm`, which may be empty.
absl::StatusOr<PrivateKey> ReadPrivateKey(std::string pem, const std::string& algorithm);

// The public part as a JWK Set (RFC 7517 section 5) of one key; `key_id` may be empty.
std::string PublicKeySet(const PrivateKey& key, const std::string& key_id);

}  // namespace mint
