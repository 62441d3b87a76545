#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace verifier {

// A secret that HS256 tokens are signed and checked with (RFC 7518 section 3.2): for development alone, since whoever
// can check such a token can also make one. A kind of its own, so that no public key can ever serve as a secret.
// Immutable and thread-safe.
class SharedSecret {
 public:
  // The shortest secret that is taken, in bytes.
  static constexpr size_t kMinBytes = 32;

  // Refuses a secret that is too short, without quoting it.
  static absl::StatusOr<SharedSecret> Create(std::string secret);

  // Whether `signature` is the HMAC-SHA-256 of `message`; takes as long for a wrong one as for the right one.
  bool Verify(std::string_view message, std::string_view signature) const;

 private:
  explicit SharedSecret(std::string secret) : secret_(std::move(secret)) {}

  std::string secret_;
};

}  // namespace verifier
