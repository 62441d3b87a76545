#include "services/verifier/key_sets.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "services/verifier/timestamp.h"

namespace verifier {
namespace {

void Describe(const KeySet& keys, auth::v1::KeySetStatus& message) {
  for (const Jwk& key : keys.keys()) {
    auth::v1::UsableKey& usable = *message.add_usable_keys();
    usable.set_key_id(key.key_id.value_or(""));
    usable.set_algorithm(std::string(AlgorithmName(key.public_key.algorithm())));
  }
  for (const KeySet::SkippedKey& key : keys.skipped()) {
    auth::v1::UnusableKey& unusable = *message.add_unusable_keys();
    unusable.set_key_id(key.key_id);
    unusable.set_reason(key.reason);
  }
}

void Describe(const KeySetStatus& status, auth::v1::KeySetStatus& message) {
  if (status.last_success > absl::InfinitePast()) {
    SetTimestamp(status.last_success, *message.mutable_last_success_time());
    SetTimestamp(status.usable_until, *message.mutable_usable_until_time());
  }
  if (status.next_fetch > absl::InfinitePast()) {
    SetTimestamp(status.next_fetch, *message.mutable_next_fetch_time());
  }
  message.set_last_error(status.last_error);
  auto& fetches = *message.mutable_fetches();
  fetches["ok"] = status.fetched;
  fetches["not_modified"] = status.not_modified;
  fetches["unreachable"] = status.unreachable;
  fetches["bad_answer"] = status.bad_answers;
}

}  // namespace

KeySets::KeySets(const Config& config, const common::Logger& logger) : logger_(logger) {
  for (const IssuerConfig& issuer : config.issuers) {
    JwksFetcher::Options fetch = config.jwks_fetch;
    fetch.url = issuer.jwks_url;
    entries_.push_back({*ClaimsPolicy::Create(issuer.claims), issuer.claims.issuers,
                        std::make_unique<JwksCache>(config.jwks, std::move(fetch), logger)});
  }
}

absl::Status KeySets::WaitUntilUsable(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  absl::Status first_failure;
  bool is_any_usable = false;
  for (Entry& entry : entries_) {
    const absl::Status usable = entry.keys->WaitUntilUsable(std::max(deadline - absl::Now(), absl::ZeroDuration()));
    is_any_usable = is_any_usable || usable.ok();
    if (usable.ok()) continue;
    logger_.Error("key_set_missing",
                  {{"outcome", "failed"}, {"reason", std::string(usable.message())}, {"jwks_url", entry.keys->url()}});
    if (first_failure.ok()) first_failure = usable;
  }
  return is_any_usable ? absl::OkStatus() : first_failure;
}

absl::Status KeySets::CheckUsable() const {
  for (const Entry& entry : entries_) {
    if (entry.keys->Current() != nullptr) return absl::OkStatus();
  }
  return absl::UnavailableError("no key set that may still be used");
}

std::vector<TrustedIssuer> KeySets::Issuers() {
  std::vector<TrustedIssuer> issuers;
  for (Entry& entry : entries_) issuers.push_back({entry.policy, *entry.keys});
  return issuers;
}

auth::v1::GetKeySetStatusResponse KeySets::Status() const {
  auth::v1::GetKeySetStatusResponse response;
  for (const Entry& entry : entries_) {
    auth::v1::KeySetStatus& message = *response.add_key_sets();
    message.set_jwks_url(entry.keys->url());
    for (const std::string& issuer : entry.issuers) message.add_issuers(issuer);
    if (const std::shared_ptr<const KeySet> keys = entry.keys->Current()) Describe(*keys, message);
    Describe(entry.keys->Status(), message);
  }
  return response;
}

}  // namespace verifier
