#include "services/verifier/credential_verifier.h"

#include <algorithm>
#include <utility>

namespace verifier {
namespace {

// Three parts, as a JWT has. A session token is one part, or two where it is signed.
bool LooksLikeJwt(std::string_view token) { return std::count(token.begin(), token.end(), '.') >= 2; }

OrRejection<VerifiedToken> Missing(const char* detail) {
  return Rejection{auth::v1::REJECTION_REASON_MISSING_CREDENTIAL, detail};
}

}  // namespace

void CredentialVerifier::Verify(const auth::Credential& credential, VerdictCallback done) const {
  if (credential.token.empty() && credential.cookie.empty()) {
    return done(Missing("the request has neither a token nor a session"));
  }
  if (tokens_ != nullptr && !credential.token.empty() && (sessions_ == nullptr || LooksLikeJwt(credential.token))) {
    return tokens_->Verify(credential.token, std::move(done));
  }
  if (sessions_ == nullptr) return done(Missing("only a bearer token is taken here, not a session"));
  if (LooksLikeJwt(credential.token)) {
    return done(Missing("only a session is taken here, not a JWT: AUTH_MODE is `session`"));
  }
  sessions_->Verify(credential, std::move(done));
}

}  // namespace verifier
