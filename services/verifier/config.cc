#include "services/verifier/config.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace verifier {
namespace {

constexpr size_t kMinSecretBytes = 32;

// Keys that come over plain http can be replaced on the way, and then anybody signs anybody in.
void CheckTransport(const common::Url& url, const std::string& variable, common::ConfigReader& reader) {
  const std::vector<std::string> allowed = reader.List("JWKS_ALLOW_HTTP_HOSTS");
  const bool is_allowed = std::any_of(allowed.begin(), allowed.end(), [&url](const std::string& host) {
    return absl::EqualsIgnoreCase(host, url.host());
  });
  if (url.scheme() == "https" || url.IsLoopback() || is_allowed) return;
  reader.Fault(variable,
               absl::StrCat("would fetch keys over plain http from ", url.host(),
                            ", which is not this machine; use https, or name the host in JWKS_ALLOW_HTTP_HOSTS"),
               absl::StrCat("https://", url.host()));
}

std::string JwksUrl(const std::optional<common::Url>& base_url, common::ConfigReader& reader) {
  const std::optional<common::Url> explicit_url =
      reader.OptionalUrl("BETTER_AUTH_JWKS_URL", "https://your-app.com/.well-known/jwks.json");
  if (explicit_url) {
    CheckTransport(*explicit_url, "BETTER_AUTH_JWKS_URL", reader);
    return explicit_url->ToString();
  }
  if (!base_url) return "";
  CheckTransport(*base_url, "BETTER_AUTH_URL", reader);
  return base_url->ToString() + "/.well-known/jwks.json";
}

std::vector<std::string> ListOr(std::vector<std::string> list, const std::string& default_entry) {
  if (list.empty()) list.push_back(default_entry);
  return list;
}

ClaimsPolicy::Options ReadClaims(const std::optional<common::Url>& base_url, common::ConfigReader& reader) {
  const std::string origin = base_url ? base_url->Origin() : "unset";
  ClaimsPolicy::Options claims;
  // Better Auth's `iss` and `aud` are the origin of its base URL.
  claims.issuers = ListOr(reader.List("TOKEN_ISSUERS"), origin);
  claims.audiences = ListOr(reader.List("TOKEN_AUDIENCES"), origin);
  claims.clock_skew = absl::Seconds(reader.Integer("TOKEN_CLOCK_SKEW_SECONDS", 60, 0, 600));
  const int64_t max_lifetime = reader.Integer("TOKEN_MAX_LIFETIME_SECONDS", 0, 0, 31536000);
  if (max_lifetime > 0) claims.max_lifetime = absl::Seconds(max_lifetime);
  if (absl::StatusOr<ClaimsPolicy> policy = ClaimsPolicy::Create(claims); !policy.ok()) {
    reader.Fault("TOKEN_MAX_LIFETIME_SECONDS", std::string(policy.status().message()), "3600");
  }
  return claims;
}

}  // namespace

Config ReadConfig(common::ConfigReader& reader) {
  Config config;
  config.debug = reader.Bool("DEBUG", false);
  const std::string host = reader.String("HOST", "127.0.0.1");
  config.address = absl::StrCat(host, ":", reader.Port("VERIFIER_PORT", 50052));
  if (!reader.Optional("BETTER_AUTH_URL")) reader.Required("BETTER_AUTH_URL", "https://your-app.com");
  const std::optional<common::Url> base_url = reader.OptionalUrl("BETTER_AUTH_URL", "https://your-app.com");
  config.jwks_url = JwksUrl(base_url, reader);
  config.claims = ReadClaims(base_url, reader);
  const std::optional<std::string> secret = reader.Secret("BETTER_AUTH_SECRET");
  if (secret && secret->size() < kMinSecretBytes) {
    reader.Fault("BETTER_AUTH_SECRET",
                 absl::StrCat("has ", secret->size(),
                              " characters; at least 32 are needed; make one with: openssl rand -hex 32"),
                 "");
  }
  return config;
}

}  // namespace verifier
