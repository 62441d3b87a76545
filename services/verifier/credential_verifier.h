#pragma once

#include "common/auth/credential.h"
#include "services/verifier/session_verifier.h"
#include "services/verifier/token_verifier.h"

namespace verifier {

// Decides about whatever a caller shows, by what the deployment takes: JWTs, sessions, or both while it changes from
// one to the other. Thread-safe.
class CredentialVerifier {
 public:
  // Either may be null: what it would decide about is rejected then. Both must outlive this.
  CredentialVerifier(TokenVerifier* tokens, SessionVerifier* sessions) : tokens_(tokens), sessions_(sessions) {}

  // Calls `done` exactly once, perhaps before this returns. What the credential views must stay until then.
  void Verify(const auth::Credential& credential, VerdictCallback done) const;

 private:
  TokenVerifier* const tokens_;
  SessionVerifier* const sessions_;
};

}  // namespace verifier
