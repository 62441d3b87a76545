#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace mint {

// What the command line asks for; contradictions have been refused. There is no default for the key.
struct Options {
  // A PEM file, or `-` for standard input; empty where a secret is used.
  std::string key_path;
  // Where the HS256 secret is; at most one of the two is set.
  std::string secret_path;
  std::string secret_variable;
  // A JWS algorithm; empty: the key says.
  std::string algorithm;

  std::string issuer;
  std::vector<std::string> audience;
  std::string subject;
  // From now; negative for a token that has expired.
  int64_t expires_in_seconds = 900;
  std::vector<std::pair<std::string, std::string>> claims;  // names and JSON texts; they win over all others
  std::optional<std::string> key_id;
  // Empty: no `typ`.
  std::string type = "JWT";
  // Print the public key as a JWK Set in the place of a token.
  bool prints_key_set = false;
  bool help = false;
};

extern const char kUsage[];

// Fails, naming the flag, for one that is unknown, stands twice, misses its value, or contradicts another. Values that
// could be secrets are not in the message.
absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& arguments);

}  // namespace mint
