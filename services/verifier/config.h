#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/core/config_reader.h"
#include "common/grpc/transport_config.h"
#include "common/metrics/admin_config.h"
#include "services/verifier/claims_policy.h"
#include "services/verifier/jwks_cache.h"
#include "services/verifier/session_verifier.h"
#include "services/verifier/shared_secret.h"
#include "services/verifier/token_parser.h"

namespace verifier {

// Issuers that share a key set, and what their tokens must claim.
struct IssuerConfig {
  std::string jwks_url;
  ClaimsPolicy::Options claims;
};

// What the process needs to know; every value has been checked.
struct Config {
  // `HOST:PORT` to serve gRPC on.
  std::string address;
  std::string host;
  common::TransportConfig transport;
  // Where a reverse proxy asks whether a request may pass; absent where nobody asked for it.
  std::optional<uint16_t> forward_auth_port;
  metrics::AdminConfig admin;
  bool debug = false;
  // The names of the variables that are set, for the log.
  std::string variables;

  // AUTH_MODE: what is taken; at least one is true.
  bool takes_jwt = true;
  bool takes_session = false;

  std::vector<IssuerConfig> issuers;
  TokenRules token_rules;
  // Set where HS256 is allowed: in development, with a secret.
  std::optional<SharedSecret> secret;
  size_t token_cache_entries = 0;
  size_t token_cache_bytes = 0;
  // What callers are told that they may reuse an answer for.
  absl::Duration cache_for;

  JwksCache::Options jwks;
  // Without the URL.
  JwksFetcher::Options jwks_fetch;
  // How long the first key set is tried for before the process gives up.
  absl::Duration startup_timeout;

  SessionVerifier::Options sessions;
  SessionClient::Options session_client;
};

// Reads the configuration; faults are left in `reader`, and then the result must not be used.
Config ReadConfig(common::ConfigReader& reader);

}  // namespace verifier
