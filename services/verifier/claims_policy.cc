#include "services/verifier/claims_policy.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace verifier {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

// The last second of the year 9999: what RFC 3339 and google.protobuf.Timestamp can still say.
constexpr double kMaxSeconds = 253402300799;

Rejection Missing(std::string_view claim) {
  return {auth::v1::REJECTION_REASON_MISSING_CLAIM,
          absl::StrCat("the claim `", absl::string_view(claim.data(), claim.size()), "` is missing")};
}

Rejection MalformedClaim(std::string_view claim, std::string_view rule) {
  return {auth::v1::REJECTION_REASON_MALFORMED_CLAIM,
          absl::StrCat("the claim `", absl::string_view(claim.data(), claim.size()), "` is not ",
                       absl::string_view(rule.data(), rule.size()))};
}

// A NumericDate (RFC 7519 section 2) in 0..253402300799, where it is there at all.
OrRejection<std::optional<absl::Time>> Date(object payload, std::string_view name) {
  element value;
  if (payload[name].get(value) != simdjson::SUCCESS) return std::optional<absl::Time>();
  double seconds = 0;
  if (!value.is_number() || value.get(seconds) != simdjson::SUCCESS || !(seconds >= 0 && seconds <= kMaxSeconds)) {
    return MalformedClaim(name, "a number of seconds from 0 to 253402300799");
  }
  return std::optional<absl::Time>(absl::UnixEpoch() + absl::Seconds(seconds));
}

OrRejection<std::string> Issuer(object payload) {
  element value;
  if (payload["iss"].get(value) != simdjson::SUCCESS) return Missing("iss");
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return MalformedClaim("iss", "a string");
  return std::string(text);
}

OrRejection<std::string> Subject(object payload) {
  element value;
  const bool present = payload["sub"].get(value) == simdjson::SUCCESS;
  std::string_view text;
  if (present && value.get(text) != simdjson::SUCCESS) return MalformedClaim("sub", "a string");
  if (text.empty()) return Rejection{auth::v1::REJECTION_REASON_MISSING_SUBJECT, "the claim `sub` is missing or empty"};
  return std::string(text);
}

// A string or an array of strings (RFC 7519 section 4.1.3).
OrRejection<std::vector<std::string>> Audience(object payload) {
  element value;
  if (payload["aud"].get(value) != simdjson::SUCCESS) return Missing("aud");
  std::vector<std::string> audience;
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) {
    audience.emplace_back(text);
    return audience;
  }
  array list;
  if (value.get(list) != simdjson::SUCCESS) return MalformedClaim("aud", "a string or an array of strings");
  for (const element entry : list) {
    if (entry.get(text) != simdjson::SUCCESS) return MalformedClaim("aud", "a string or an array of strings");
    audience.emplace_back(text);
  }
  return audience;
}

bool Holds(const std::vector<std::string>& list, std::string_view entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

}  // namespace

absl::StatusOr<ClaimsPolicy> ClaimsPolicy::Create(Options options) {
  if (options.issuers.empty()) return absl::InvalidArgumentError("no issuer is configured");
  if (options.audiences.empty()) return absl::InvalidArgumentError("no audience is configured");
  if (Holds(options.issuers, "") || Holds(options.audiences, "")) {
    return absl::InvalidArgumentError("an issuer or audience is empty");
  }
  if (options.clock_skew < absl::ZeroDuration() || options.clock_skew > absl::Minutes(10)) {
    return absl::InvalidArgumentError("the clock skew is not between 0 and 600 seconds");
  }
  if (options.max_lifetime && *options.max_lifetime <= options.clock_skew) {
    return absl::InvalidArgumentError("the maximum lifetime is not longer than the clock skew");
  }
  return ClaimsPolicy(std::move(options));
}

OrRejection<Claims> ClaimsPolicy::Check(object payload, absl::Time now) const {
  OrRejection<std::optional<absl::Time>> expire_time = Date(payload, "exp");
  if (!expire_time.ok()) return expire_time.rejection();
  if (!*expire_time) return Missing("exp");
  OrRejection<std::optional<absl::Time>> not_before = Date(payload, "nbf");
  if (!not_before.ok()) return not_before.rejection();
  OrRejection<std::optional<absl::Time>> issue_time = Date(payload, "iat");
  if (!issue_time.ok()) return issue_time.rejection();
  OrRejection<std::string> issuer = Issuer(payload);
  if (!issuer.ok()) return issuer.rejection();
  OrRejection<std::vector<std::string>> audience = Audience(payload);
  if (!audience.ok()) return audience.rejection();
  OrRejection<std::string> subject = Subject(payload);
  if (!subject.ok()) return subject.rejection();

  Claims claims{.subject = *std::move(subject),
                .issuer = *std::move(issuer),
                .audience = *std::move(audience),
                .expire_time = **expire_time,
                .issue_time = *issue_time,
                .not_before = *not_before};
  if (std::optional<Rejection> rejection = Recheck(claims, now)) return *std::move(rejection);
  return claims;
}

bool ClaimsPolicy::TrustsIssuer(std::string_view issuer) const { return Holds(options_.issuers, issuer); }

std::optional<Rejection> ClaimsPolicy::Recheck(const Claims& claims, absl::Time now) const {
  if (options_.max_lifetime && !claims.issue_time) return Missing("iat");
  if (!TrustsIssuer(claims.issuer)) {
    return Rejection{auth::v1::REJECTION_REASON_WRONG_ISSUER, "the claim `iss` is not an issuer that is trusted here"};
  }
  if (std::none_of(claims.audience.begin(), claims.audience.end(),
                   [this](const std::string& entry) { return Holds(options_.audiences, entry); })) {
    return Rejection{auth::v1::REJECTION_REASON_WRONG_AUDIENCE,
                     "the claim `aud` does not hold this service's audience"};
  }
  return CheckTimes(claims, now);
}

std::optional<Rejection> ClaimsPolicy::CheckTimes(const Claims& claims, absl::Time now) const {
  if (now >= claims.expire_time + options_.clock_skew) {
    return Rejection{auth::v1::REJECTION_REASON_EXPIRED, "the token has expired (`exp`)"};
  }
  if (claims.not_before && *claims.not_before > now + options_.clock_skew) {
    return Rejection{auth::v1::REJECTION_REASON_NOT_YET_VALID, "the token is not valid yet (`nbf`)"};
  }
  if (claims.issue_time && *claims.issue_time > now + options_.clock_skew) {
    return Rejection{auth::v1::REJECTION_REASON_ISSUED_IN_FUTURE, "the token was issued in the future (`iat`)"};
  }
  if (options_.max_lifetime && claims.expire_time - *claims.issue_time > *options_.max_lifetime) {
    return Rejection{auth::v1::REJECTION_REASON_LIFETIME_TOO_LONG,
                     "the token lives longer than is allowed (`exp` - `iat`)"};
  }
  return std::nullopt;
}

}  // namespace verifier
