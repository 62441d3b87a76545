#pragma once

#include <string>
#include <utility>

#include "absl/time/time.h"

namespace auth {

// Who a call speaks for. Holding one is the proof that the token verifier confirmed the call's token: only the client
// of the verifier can make one. A value; immutable.
class Principal {
 public:
  // The token's `sub`: never empty.
  const std::string& user_id() const { return user_id_; }
  // The token's `email` and `name`; empty where it has none.
  const std::string& email() const { return email_; }
  const std::string& name() const { return name_; }
  // The token's `exp`: what lasts longer than one call must not outlive it.
  absl::Time expire_time() const { return expire_time_; }
  // How long from the verifier's answer the same token may be believed without asking again; zero for not at all.
  absl::Duration cache_for() const { return cache_for_; }

 private:
  friend class VerifierClient;

  Principal(std::string user_id, std::string email, std::string name, absl::Time expire_time, absl::Duration cache_for)
      : user_id_(std::move(user_id)),
        email_(std::move(email)),
        name_(std::move(name)),
        expire_time_(expire_time),
        cache_for_(cache_for) {}

  std::string user_id_;
  std::string email_;
  std::string name_;
  absl::Time expire_time_;
  absl::Duration cache_for_;
};

}  // namespace auth
