#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/verifier/rejection.h"

namespace verifier {

// The registered claims of a token whose every rule held (RFC 7519 section 4.1).
struct Claims {
  std::string subject;
  std::string issuer;
  std::vector<std::string> audience;
  absl::Time expire_time;
  std::optional<absl::Time> issue_time;
  std::optional<absl::Time> not_before = std::nullopt;
};

// What a token must claim. A value: immutable and thread-safe; one that exists does not contradict itself.
class ClaimsPolicy {
 public:
  struct Options {
    // Those whose tokens are believed; compared exactly (RFC 7519 section 4.1.1).
    std::vector<std::string> issuers;
    // A token must be meant for one of these.
    std::vector<std::string> audiences;
    // How far this clock and the issuer's may differ; at most 10 minutes.
    absl::Duration clock_skew = absl::Seconds(60);
    // The longest `exp` - `iat`; with it `iat` is required.
    std::optional<absl::Duration> max_lifetime = std::nullopt;
  };

  // Refuses options that contradict themselves, saying how.
  static absl::StatusOr<ClaimsPolicy> Create(Options options);

  // Checks all claims at the instant `now`: first that each is there and well formed, then what it says.
  OrRejection<Claims> Check(simdjson::dom::object payload, absl::Time now) const;
  // Checks what well-formed claims say: those of a token that held before may no longer hold.
  std::optional<Rejection> Recheck(const Claims& claims, absl::Time now) const;

  // Whether a token of this `iss` is one that this policy is for.
  bool TrustsIssuer(std::string_view issuer) const;

 private:
  explicit ClaimsPolicy(Options options) : options_(std::move(options)) {}

  std::optional<Rejection> CheckTimes(const Claims& claims, absl::Time now) const;

  Options options_;
};

}  // namespace verifier
