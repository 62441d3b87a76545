#include "common/auth/caching_authenticator.h"

#include <algorithm>
#include <utility>

namespace auth {
namespace {

// Whatever a verifier says, a revoked key is not believed for longer.
constexpr absl::Duration kMaxCacheFor = absl::Seconds(30);

}  // namespace

CachingAuthenticator::CachingAuthenticator(Authenticator& authenticator, const common::Clock& clock, Options options)
    : authenticator_(authenticator), clock_(clock), cache_(options.max_entries, options.max_bytes) {}

std::optional<Principal> CachingAuthenticator::Known(const Credential& credential) {
  if (credential.token.empty()) return std::nullopt;
  std::optional<Principal> known = Find(common::Sha256(credential.token), clock_.Now());
  // Who gets nothing asks Authenticate(), where the miss is counted.
  if (known) metrics_.hits.Add();
  return known;
}

void CachingAuthenticator::Authenticate(const Credential& credential, const common::CallTrace& trace,
                                        absl::Time deadline, Callback done) {
  // Sessions may not be kept.
  if (credential.token.empty()) return authenticator_.Authenticate(credential, trace, deadline, std::move(done));
  const common::Sha256Digest digest = common::Sha256(credential.token);
  const absl::Time now = clock_.Now();
  if (std::optional<Principal> known = Find(digest, now)) {
    metrics_.hits.Add();
    return done(*std::move(known));
  }
  metrics_.misses.Add();
  if (!flights_.Join(digest, std::move(done))) return;
  authenticator_.Authenticate(credential, trace, absl::InfiniteFuture(), [this, digest, now](const Verdict& verdict) {
    if (verdict.ok()) Remember(digest, *verdict, now);
    flights_.Land(digest, verdict);
  });
}

std::optional<Principal> CachingAuthenticator::Find(const common::Sha256Digest& digest, absl::Time now) {
  const std::shared_ptr<const Entry> known = cache_.Find(digest);
  if (known == nullptr) return std::nullopt;
  // A clock that was set back ends it too: else it would be believed for longer.
  if (known->asked <= now && now < known->believed_until) return known->principal;
  cache_.Erase(digest);
  return std::nullopt;
}

void CachingAuthenticator::Remember(const common::Sha256Digest& digest, const Principal& principal, absl::Time asked) {
  const absl::Time believed_until =
      std::min(asked + std::min(principal.cache_for(), kMaxCacheFor), principal.expire_time());
  if (believed_until <= asked) return;
  const size_t texts = principal.user_id().size() + principal.email().size() + principal.name().size();
  cache_.Insert(
      digest,
      std::make_shared<const Entry>(Entry{.principal = principal, .asked = asked, .believed_until = believed_until}),
      sizeof(Entry) + texts);
}

}  // namespace auth
