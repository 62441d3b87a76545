#include "services/verifier/config.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/json/json_document.h"

namespace verifier {
namespace {

using simdjson::dom::element;

constexpr char kExampleUrl[] = "https://your-app.com";
constexpr char kExampleIssuers[] =
    R"([{"issuer":"https://your-app.com","jwks_url":"https://your-app.com/.well-known/jwks.json","audiences":["todo"]}])";

// Keys that come over plain http can be replaced on the way, and then anybody signs anybody in; sessions can be read.
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

std::vector<std::string> ListOr(std::vector<std::string> list, std::vector<std::string> default_list) {
  return list.empty() ? std::move(default_list) : std::move(list);
}

absl::Duration SecondsOf(common::ConfigReader& reader, const std::string& name, int64_t value, int64_t min,
                         int64_t max) {
  return absl::Seconds(reader.Integer(name, value, min, max));
}

absl::Duration MillisecondsOf(common::ConfigReader& reader, const std::string& name, int64_t value, int64_t min,
                              int64_t max) {
  return absl::Milliseconds(reader.Integer(name, value, min, max));
}

// The strings of an array; nothing where it is no array of one or more strings that are not empty.
std::optional<std::vector<std::string>> Strings(element value) {
  simdjson::dom::array list;
  if (value.get(list) != simdjson::SUCCESS) return std::nullopt;
  std::vector<std::string> strings;
  for (const element entry : list) {
    std::string_view text;
    if (entry.get(text) != simdjson::SUCCESS || text.empty()) return std::nullopt;
    strings.emplace_back(text);
  }
  if (strings.empty()) return std::nullopt;
  return strings;
}

// One issuer of the JSON form. `defaults` holds what an entry need not say.
std::optional<IssuerConfig> ReadIssuer(element entry, const ClaimsPolicy::Options& defaults,
                                       common::ConfigReader& reader) {
  const auto fault = [&reader](std::string_view problem) {
    reader.Fault("TOKEN_ISSUERS", problem, kExampleIssuers);
    return std::nullopt;
  };
  simdjson::dom::object object;
  if (entry.get(object) != simdjson::SUCCESS) return fault("holds an entry that is no object");
  IssuerConfig issuer{.jwks_url = "", .claims = defaults};
  issuer.claims.issuers.clear();
  for (const auto& [name, value] : object) {
    std::string_view text;
    const bool is_text = value.get(text) == simdjson::SUCCESS && !text.empty();
    if (name == "issuer" && is_text) {
      issuer.claims.issuers = {std::string(text)};
    } else if (name == "jwks_url" && is_text) {
      issuer.jwks_url = std::string(text);
    } else if (name == "audiences" && Strings(value)) {
      issuer.claims.audiences = *Strings(value);
    } else {
      return fault(absl::StrCat("holds an entry whose `", absl::string_view(name.data(), name.size()),
                                "` is unknown or of the wrong type"));
    }
  }
  if (issuer.claims.issuers.empty()) return fault("holds an entry without `issuer`");
  if (issuer.jwks_url.empty()) issuer.jwks_url = issuer.claims.issuers.front() + "/.well-known/jwks.json";
  const absl::StatusOr<common::Url> url = common::Url::Parse(issuer.jwks_url);
  if (!url.ok()) {
    return fault(absl::StrCat("holds an entry whose `jwks_url` ", url.status().message(), ": ", issuer.jwks_url));
  }
  CheckTransport(*url, "TOKEN_ISSUERS", reader);
  return issuer;
}

// TOKEN_ISSUERS as a JSON array: each issuer with a key set of its own.
std::vector<IssuerConfig> ReadIssuers(std::string_view text, const ClaimsPolicy::Options& defaults,
                                      common::ConfigReader& reader) {
  const absl::StatusOr<json::Document> document = json::Document::Parse(text);
  if (!document.ok()) {
    reader.Fault("TOKEN_ISSUERS", absl::StrCat("begins with [ but ", document.status().message()), kExampleIssuers);
    return {};
  }
  std::vector<IssuerConfig> issuers;
  for (const element entry : simdjson::dom::array(document->root())) {
    std::optional<IssuerConfig> issuer = ReadIssuer(entry, defaults, reader);
    if (!issuer) return {};
    for (const IssuerConfig& other : issuers) {
      // Keys belong to their issuer.
      if (other.claims.issuers != issuer->claims.issuers) continue;
      reader.Fault("TOKEN_ISSUERS", absl::StrCat("names ", issuer->claims.issuers.front(), " twice"), kExampleIssuers);
    }
    issuers.push_back(*std::move(issuer));
  }
  if (issuers.empty()) reader.Fault("TOKEN_ISSUERS", "names no issuer", kExampleIssuers);
  return issuers;
}

std::vector<IssuerConfig> ReadTrust(const std::optional<common::Url>& base_url, common::ConfigReader& reader) {
  const std::string origin = base_url ? base_url->Origin() : "unset";
  ClaimsPolicy::Options claims;
  // Better Auth's `iss` and `aud` are the origin of its base URL.
  claims.issuers = {origin};
  claims.audiences = ListOr(reader.List("TOKEN_AUDIENCES"), {origin});
  claims.clock_skew = SecondsOf(reader, "TOKEN_CLOCK_SKEW_SECONDS", 60, 0, 600);
  const int64_t max_lifetime = reader.Integer("TOKEN_MAX_LIFETIME_SECONDS", 0, 0, 31536000);
  if (max_lifetime > 0) claims.max_lifetime = absl::Seconds(max_lifetime);
  if (absl::StatusOr<ClaimsPolicy> policy = ClaimsPolicy::Create(claims); !policy.ok()) {
    reader.Fault("TOKEN_MAX_LIFETIME_SECONDS", std::string(policy.status().message()), "3600");
  }
  const std::string issuers = reader.String("TOKEN_ISSUERS", "");
  if (!absl::StartsWith(issuers, "[")) {
    claims.issuers = ListOr(reader.List("TOKEN_ISSUERS"), {origin});
    return {{.jwks_url = JwksUrl(base_url, reader), .claims = std::move(claims)}};
  }
  if (reader.Optional("BETTER_AUTH_JWKS_URL")) {
    reader.Fault("BETTER_AUTH_JWKS_URL", "is set, but TOKEN_ISSUERS names each issuer's `jwks_url`; unset one", "");
  }
  return ReadIssuers(issuers, claims, reader);
}

void ReadMode(common::ConfigReader& reader, Config& config) {
  const std::string mode = reader.String("AUTH_MODE", "jwt");
  config.takes_jwt = mode == "jwt" || mode == "jwt,session";
  config.takes_session = mode == "session" || mode == "jwt,session";
  if (!config.takes_jwt && !config.takes_session) {
    reader.Fault("AUTH_MODE", "is none of jwt, session, and jwt,session", "jwt");
    // What is wrong with the rest is to be told too.
    config.takes_jwt = true;
  }
}

// HS256 is for development: in production the secret, if it is there at all, opens nothing.
void ReadSecret(common::ConfigReader& reader, Config& config) {
  std::optional<std::string> text = reader.Secret("BETTER_AUTH_SECRET");
  if (!text) return;
  absl::StatusOr<SharedSecret> secret = SharedSecret::Create(*std::move(text));
  if (!secret.ok()) {
    reader.Fault("BETTER_AUTH_SECRET", absl::StrCat(secret.status().message(), "; make one with: openssl rand -hex 32"),
                 "");
  } else if (config.debug) {
    config.secret = *std::move(secret);
    config.token_rules.allow_hs256 = true;
  }
}

void ReadTokenNumbers(common::ConfigReader& reader, Config& config) {
  config.token_rules.types = ListOr(reader.List("TOKEN_TYPES"), config.token_rules.types);
  config.token_cache_entries = static_cast<size_t>(reader.Integer("TOKEN_CACHE_ENTRIES", 10'000, 0, 10'000'000));
  config.token_cache_bytes = static_cast<size_t>(reader.Integer("TOKEN_CACHE_BYTES", 64 << 20, 0, int64_t{1} << 34));
  config.cache_for = SecondsOf(reader, "TOKEN_CACHE_FOR_SECONDS", 30, 0, 30);
}

std::string CaFile(common::ConfigReader& reader) {
  std::string path = reader.String("JWKS_CA_FILE", "");
  if (!path.empty() && access(path.c_str(), R_OK) != 0) {
    reader.Fault("JWKS_CA_FILE", absl::StrCat("cannot be read: ", path), "/etc/ssl/own-ca.crt");
  }
  return path;
}

void ReadJwksNumbers(common::ConfigReader& reader, Config& config) {
  JwksCache::Options& jwks = config.jwks;
  jwks.lifetime = SecondsOf(reader, "JWKS_CACHE_SECONDS", 3600, 1, 86400);
  jwks.min_lifetime = SecondsOf(reader, "JWKS_MIN_CACHE_SECONDS", 60, 1, 86400);
  jwks.grace = SecondsOf(reader, "JWKS_GRACE_SECONDS", 3600, 0, 86400);
  jwks.lookup_timeout = MillisecondsOf(reader, "JWKS_LOOKUP_TIMEOUT_MILLISECONDS", 2000, 1, 60'000);
  jwks.lookup_burst = static_cast<int>(reader.Integer("JWKS_LOOKUP_BURST", 2, 1, 1000));
  jwks.lookup_interval = SecondsOf(reader, "JWKS_LOOKUP_INTERVAL_SECONDS", 10, 1, 3600);
  jwks.max_waiting = static_cast<size_t>(reader.Integer("JWKS_MAX_WAITING", 4096, 1, 1'000'000));
  jwks.absent_for = SecondsOf(reader, "JWKS_ABSENT_SECONDS", 30, 0, 3600);
  jwks.max_absent = static_cast<size_t>(reader.Integer("JWKS_MAX_ABSENT", 1024, 0, 1'000'000));
  jwks.max_keys = static_cast<size_t>(reader.Integer("JWKS_MAX_KEYS", 32, 1, 1000));
  const std::string rsa = reader.String("JWKS_RSA_ALGORITHM", "RS256");
  const std::optional<Algorithm> algorithm = ParseAlgorithm(rsa);
  if (!algorithm || *algorithm < Algorithm::kRs256 || *algorithm > Algorithm::kPs512) {
    reader.Fault("JWKS_RSA_ALGORITHM", "is no algorithm of an RSA key", "RS256");
  } else {
    jwks.rsa_algorithm = *algorithm;
  }
  JwksFetcher::Options& fetch = config.jwks_fetch;
  fetch.connect_timeout = MillisecondsOf(reader, "JWKS_CONNECT_TIMEOUT_MILLISECONDS", 1000, 1, 60'000);
  fetch.total_timeout = MillisecondsOf(reader, "JWKS_TIMEOUT_MILLISECONDS", 5000, 1, 60'000);
  fetch.max_body_bytes = static_cast<size_t>(reader.Integer("JWKS_MAX_BYTES", 256 * 1024, 1024, 16 << 20));
  fetch.ca_file = CaFile(reader);
  config.startup_timeout = SecondsOf(reader, "VERIFIER_STARTUP_SECONDS", 30, 0, 3600);
  if (jwks.min_lifetime > jwks.lifetime) {
    reader.Fault("JWKS_MIN_CACHE_SECONDS", "is more than JWKS_CACHE_SECONDS", "60");
  }
  if (fetch.connect_timeout > fetch.total_timeout) {
    reader.Fault("JWKS_CONNECT_TIMEOUT_MILLISECONDS", "is more than JWKS_TIMEOUT_MILLISECONDS", "1000");
  }
}

std::string SessionUrl(const common::Url& base_url, common::ConfigReader& reader) {
  const std::optional<common::Url> explicit_url =
      reader.OptionalUrl("BETTER_AUTH_SESSION_URL", "https://your-app.com/api/auth/get-session");
  if (explicit_url) {
    CheckTransport(*explicit_url, "BETTER_AUTH_SESSION_URL", reader);
    return explicit_url->ToString();
  }
  CheckTransport(base_url, "BETTER_AUTH_URL", reader);
  return base_url.ToString() + "/api/auth/get-session";
}

void ReadSessions(const std::optional<common::Url>& base_url, common::ConfigReader& reader, Config& config) {
  if (!config.takes_session || !base_url) return;
  config.sessions.issuer = base_url->Origin();
  config.sessions.cache_for = SecondsOf(reader, "SESSION_CACHE_SECONDS", 10, 0, 10);
  config.sessions.allowed_origins = reader.List("ALLOWED_ORIGINS");
  config.sessions.allowed_origins.push_back(base_url->Origin());
  // A look at a session neither prolongs it nor trusts what the browser's cookie says of it.
  config.session_client.ca_file = config.jwks_fetch.ca_file;
  config.session_client.url = SessionUrl(*base_url, reader) + "?disableCookieCache=true&disableRefresh=true";
}

}  // namespace

Config ReadConfig(common::ConfigReader& reader) {
  Config config;
  config.debug = reader.Bool("DEBUG", false);
  config.host = reader.String("HOST", "127.0.0.1");
  const uint16_t port = reader.Port("VERIFIER_PORT", 50052);
  config.address = absl::StrCat(config.host, ":", port);
  config.transport = common::ReadServerTransport(reader, config.host);
  if (reader.Optional("FORWARD_AUTH_PORT")) config.forward_auth_port = reader.Port("FORWARD_AUTH_PORT", 9180);
  config.admin = metrics::ReadAdmin(reader, "VERIFIER_ADMIN_PORT", port);
  if (!reader.Optional("BETTER_AUTH_URL")) reader.Required("BETTER_AUTH_URL", kExampleUrl);
  const std::optional<common::Url> base_url = reader.OptionalUrl("BETTER_AUTH_URL", kExampleUrl);
  ReadMode(reader, config);
  if (config.takes_jwt) config.issuers = ReadTrust(base_url, reader);
  ReadSecret(reader, config);
  ReadTokenNumbers(reader, config);
  ReadJwksNumbers(reader, config);
  ReadSessions(base_url, reader, config);
  config.variables = reader.variables();
  return config;
}

}  // namespace verifier
