#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"

namespace auth {

// Who a call speaks for. Holding one is the proof that the token verifier confirmed the call's token: only the client
// of the verifier can make one. A value, cheap to copy; immutable.
class Principal {
 public:
  // The token's `sub`: never empty.
  const std::string& user_id() const { return claims_->user_id; }
  // The token's `email` and `name`; empty where it has none.
  const std::string& email() const { return claims_->email; }
  const std::string& name() const { return claims_->name; }
  // The token's `exp`: what lasts longer than one call must not outlive it.
  absl::Time expire_time() const { return claims_->expire_time; }
  // How long from the verifier's answer the same token may be believed without asking again; zero for not at all.
  absl::Duration cache_for() const { return claims_->cache_for; }

 private:
  friend class VerifierClient;

  struct Claims {
    std::string user_id;
    std::string email;
    std::string name;
    absl::Time expire_time;
    absl::Duration cache_for;
  };

  explicit Principal(Claims claims) : claims_(std::make_shared<const Claims>(std::move(claims))) {}

  std::shared_ptr<const Claims> claims_;
};

}  // namespace auth
