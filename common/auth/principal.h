#pragma once

#include <string>
#include <utility>

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

 private:
  friend class VerifierClient;

  Principal(std::string user_id, std::string email, std::string name)
      : user_id_(std::move(user_id)), email_(std::move(email)), name_(std::move(name)) {}

  std::string user_id_;
  std::string email_;
  std::string name_;
};

}  // namespace auth
