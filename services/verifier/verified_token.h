#pragma once

#include <utility>

#include "auth/v1/token_verifier.pb.h"

namespace verifier {

// Holding one is the proof that a token's signature and claims were checked: only the verifier can make one. A value;
// immutable.
class VerifiedToken {
 public:
  const auth::v1::VerifiedToken& claims() const { return claims_; }

 private:
  friend class TokenVerifier;

  explicit VerifiedToken(auth::v1::VerifiedToken claims) : claims_(std::move(claims)) {}

  auth::v1::VerifiedToken claims_;
};

}  // namespace verifier
