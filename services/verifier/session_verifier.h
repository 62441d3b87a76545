#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/auth/credential.h"
#include "common/core/clock.h"
#include "common/core/lru_cache.h"
#include "common/core/single_flight.h"
#include "services/verifier/session_client.h"
#include "services/verifier/verdict.h"

namespace verifier {

// Verifies opaque Better Auth sessions by asking Better Auth: how a deployment works that does not use JWTs yet, or has
// gone back.
//
// A session is believed for `cache_for` after Better Auth vouched for it, and never past its expiry; callers may not
// keep it at all. A cookie is looked at only where its request comes from an allowed origin, since browsers send
// cookies with what other sites ask for. Thread-safe.
class SessionVerifier {
 public:
  struct Options {
    // What is told as the session's issuer.
    std::string issuer;
    // The values of `Origin` that a cookie may come with, compared exactly (RFC 6454 section 6.2).
    std::vector<std::string> allowed_origins;
    absl::Duration cache_for = absl::Seconds(10);
    size_t cache_entries = 10'000;
    size_t cache_bytes = 16 << 20;
  };

  // `client` and `clock` must outlive the verifier.
  SessionVerifier(Options options, SessionClient& client, const common::Clock& clock);

  // Calls `done` exactly once, perhaps before this returns. The credential need only live until this returns.
  void Verify(const auth::Credential& credential, VerdictCallback done);

 private:
  // A session that was vouched for.
  struct Vouched {
    VerifiedToken token;
    absl::Time asked;
    absl::Time believed_until;
  };

  bool IsAllowedOrigin(std::string_view origin) const;
  bool IsStillBelieved(const Vouched& vouched) const;
  OrRejection<VerifiedToken> Vouch(const common::Sha256Digest& digest, const Session& session, absl::Time asked);

  const Options options_;
  SessionClient& client_;
  const common::Clock& clock_;
  common::LruCache<Vouched> cache_;
  common::SingleFlight<Verdict> flights_;
};

}  // namespace verifier
