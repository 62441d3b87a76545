#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "auth/v1/token_verifier.pb.h"

namespace verifier {

// Holding one is the proof that a token's signature and claims were checked, or that Better Auth vouched for a session:
// only the verifiers can make one. A value, cheap to copy; immutable.
class VerifiedToken {
 public:
  const auth::v1::VerifiedToken& claims() const { return *claims_; }
  // How long a caller may go on believing it without asking again; never past the token's expiry.
  absl::Duration cache_for() const { return cache_for_; }

 private:
  friend class SessionVerifier;
  friend class TokenVerifier;

  VerifiedToken(auth::v1::VerifiedToken claims, absl::Duration cache_for)
      : claims_(std::make_shared<const auth::v1::VerifiedToken>(std::move(claims))), cache_for_(cache_for) {}

  // The same for a caller who may keep it no longer than this.
  VerifiedToken KeptAtMost(absl::Duration limit) const {
    VerifiedToken copy = *this;
    copy.cache_for_ = std::clamp(limit, absl::ZeroDuration(), cache_for_);
    return copy;
  }

  std::shared_ptr<const auth::v1::VerifiedToken> claims_;
  absl::Duration cache_for_;
};

}  // namespace verifier
