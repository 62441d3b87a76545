#include "services/verifier/check.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/core/clock.h"
#include "services/verifier/jwks_fetcher.h"
#include "services/verifier/token_verifier.h"

namespace verifier {
namespace {

using Level = CheckReport::Level;

constexpr absl::Duration kPatience = absl::Seconds(10);

class FixedClock : public common::Clock {
 public:
  explicit FixedClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override { return now_; }

 private:
  absl::Time now_;
};

// The keys that were fetched just now: what is not among them does not exist. Without keys nothing can be decided.
class FetchedKeys : public KeySource {
 public:
  explicit FetchedKeys(std::shared_ptr<const KeySet> keys) : keys_(std::move(keys)) {}
  std::shared_ptr<const KeySet> Current() const override { return keys_; }
  void LookUp(const std::string&, Callback done) override {
    done(keys_ != nullptr ? Lookup::kCurrent : Lookup::kUnavailable);
  }

 private:
  std::shared_ptr<const KeySet> keys_;
};

absl::StatusOr<JwksResponse> Fetch(JwksFetcher::Options options) {
  JwksFetcher fetcher(std::move(options));
  fetcher.Start("");
  for (;;) {
    if (auto response = fetcher.Wait(kPatience)) return *std::move(response);
  }
}

std::string NameOf(const std::optional<std::string>& key_id) {
  return key_id && !key_id->empty() ? absl::StrCat("kid ", Quoted(*key_id)) : "without kid";
}

void ReportKeys(const KeySet& keys, CheckReport& report) {
  std::set<std::string> algorithms;
  for (const Jwk& key : keys.keys()) {
    const std::string algorithm(AlgorithmName(key.public_key.algorithm()));
    algorithms.insert(algorithm);
    report.Add(Level::kOk, "key", absl::StrCat(NameOf(key.key_id), ": ", algorithm));
  }
  for (const KeySet::SkippedKey& skipped : keys.skipped()) {
    report.Add(Level::kWarning, "key", absl::StrCat(NameOf(skipped.key_id), " is not used: ", skipped.reason));
  }
  if (!algorithms.empty()) report.Add(Level::kOk, "algorithms", absl::StrJoin(algorithms, ", "));
}

std::string Hint(auth::v1::RejectionReason reason, const Config& config) {
  const bool is_issuer = reason == auth::v1::REJECTION_REASON_WRONG_ISSUER;
  if (!is_issuer && reason != auth::v1::REJECTION_REASON_WRONG_AUDIENCE) return "";
  std::set<std::string> expected;
  for (const IssuerConfig& issuer : config.issuers) {
    const std::vector<std::string>& entries = is_issuer ? issuer.claims.issuers : issuer.claims.audiences;
    expected.insert(entries.begin(), entries.end());
  }
  return absl::StrCat("; expected: ", absl::StrJoin(expected, ", "));
}

void ReportVerdict(const OrRejection<VerifiedToken>& verdict, const Config& config, CheckReport& report) {
  if (!verdict.ok()) {
    const Rejection& rejection = verdict.rejection();
    const absl::string_view reason =
        absl::StripPrefix(auth::v1::RejectionReason_Name(rejection.reason), "REJECTION_REASON_");
    return report.Add(Level::kError, "token",
                      absl::StrCat(reason, ": ", rejection.detail, Hint(rejection.reason, config)));
  }
  const auth::v1::VerifiedToken& token = verdict->claims();
  const std::string until =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(token.expire_time().seconds()), absl::UTCTimeZone());
  report.Add(
      Level::kOk, "token",
      absl::StrCat("holds until ", until, ", and ", absl::FormatDuration(config.issuers.front().claims.clock_skew),
                   " longer for clocks that differ; signed with ", token.algorithm(), ", ", NameOf(token.key_id())));
}

void ReportFailure(const std::string& url, const absl::Status& status, CheckReport& report) {
  const std::string text = absl::StrCat(url, ": ", status.message());
  absl::IsUnavailable(status) ? report.AddUnreachable("key_set", text) : report.Add(Level::kError, "key_set", text);
}

std::shared_ptr<const KeySet> CheckKeySet(const std::string& url, const Config& config, CheckReport& report) {
  JwksFetcher::Options options = config.jwks_fetch;
  options.url = url;
  options.total_timeout = std::max(kPatience, config.jwks_fetch.total_timeout);
  const absl::Time start = absl::Now();
  const absl::StatusOr<JwksResponse> response = Fetch(std::move(options));
  const absl::Duration elapsed = absl::Trunc(absl::Now() - start, absl::Milliseconds(1));
  if (!response.ok()) return ReportFailure(url, response.status(), report), nullptr;
  absl::StatusOr<KeySet> keys = KeySet::Parse(response->body, config.jwks.max_keys, config.jwks.rsa_algorithm);
  if (!keys.ok()) return ReportFailure(url, keys.status(), report), nullptr;
  if (elapsed > config.jwks_fetch.total_timeout) {
    report.AddUnreachable("key_set", absl::StrCat(url, " took ", absl::FormatDuration(elapsed), "; the verifier waits ",
                                                  absl::FormatDuration(config.jwks_fetch.total_timeout)));
  }
  ReportKeys(*keys, report);
  const size_t usable = keys->keys().size();
  report.Add(usable > 0 ? Level::kOk : Level::kError, "key_set",
             absl::StrCat(url, ": ", usable, " of ", usable + keys->skipped().size(), " keys can be used",
                          usable > 0 ? "" : "; without one the verifier does not start"));
  return std::make_shared<const KeySet>(*std::move(keys));
}

}  // namespace

FetchedKeySets CheckKeySets(const Config& config, CheckReport& report) {
  FetchedKeySets key_sets;
  for (const IssuerConfig& issuer : config.issuers) {
    // A fault of the configuration may have left it empty.
    key_sets.push_back(issuer.jwks_url.empty() ? nullptr : CheckKeySet(issuer.jwks_url, config, report));
  }
  return key_sets;
}

void CheckToken(std::string_view token, const Config& config, const FetchedKeySets& key_sets, absl::Time now,
                CheckReport& report) {
  std::vector<std::unique_ptr<FetchedKeys>> sources;
  TokenVerifier::Options options{.rules = config.token_rules, .issuers = {}, .secret = config.secret};
  for (size_t i = 0; i < config.issuers.size(); ++i) {
    absl::StatusOr<ClaimsPolicy> policy = ClaimsPolicy::Create(config.issuers[i].claims);
    if (!policy.ok()) return report.Add(Level::kError, "configuration", std::string(policy.status().message()));
    sources.push_back(std::make_unique<FetchedKeys>(key_sets[i]));
    options.issuers.push_back({*std::move(policy), *sources.back()});
  }
  const FixedClock clock(now);
  TokenVerifier verifier(std::move(options), clock);
  verifier.Verify(token, [&](const Verdict& verdict) {
    if (verdict.ok()) return ReportVerdict(*verdict, config, report);
    report.Add(Level::kWarning, "token", "could not be decided about: there are no keys");
  });
}

}  // namespace verifier
