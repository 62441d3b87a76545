#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "common/core/clock.h"
#include "services/verifier/claims_policy.h"
#include "services/verifier/key_source.h"
#include "services/verifier/rejection.h"
#include "services/verifier/token_parser.h"
#include "services/verifier/verified_token.h"

namespace verifier {

// Verifies tokens: parse, key, signature, claims, in this order, so that no claim is believed before the signature was
// checked.
//
//   token ──► ParseToken ──► KeySource ──► PublicKey::Verify ──► ClaimsPolicy ──► VerifiedToken
//
// Thread-safe.
class TokenVerifier {
 public:
  // A verdict, or UNAVAILABLE where none could be reached.
  using Result = absl::StatusOr<OrRejection<VerifiedToken>>;
  using Callback = std::function<void(Result)>;

  // `keys` and `clock` must outlive the verifier and every verification under way.
  TokenVerifier(TokenTypes types, ClaimsPolicy policy, KeySource& keys, const common::Clock& clock)
      : types_(std::move(types)), policy_(std::move(policy)), keys_(keys), clock_(clock) {}

  // Calls `done` exactly once: at once where the token's key is known or the token is rejected without it, else when
  // the key source has looked.
  void Verify(std::string token, Callback done) const;

 private:
  OrRejection<VerifiedToken> VerifyWith(const Jwk& key, const ParsedToken& token) const;

  TokenTypes types_;
  ClaimsPolicy policy_;
  KeySource& keys_;
  const common::Clock& clock_;
};

}  // namespace verifier
