#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/json_document.h"
#include "services/verifier/algorithm.h"
#include "services/verifier/rejection.h"

namespace verifier {

// The longest token that is looked at, in bytes.
inline constexpr size_t kMaxTokenBytes = 8 * 1024;

// Which tokens are looked at further.
struct TokenRules {
  // The `typ` values of tokens that are meant for us, beside none at all (RFC 8725 section 3.11): Better Auth signs
  // session caches and logout tokens with the same keys.
  std::vector<std::string> types = {"JWT", "at+jwt"};
  // Whether HS256 is an allowed algorithm: for development alone.
  bool allow_hs256 = false;
};

// A token taken apart. Nothing in it has been checked against a key: claims must not be believed yet.
struct ParsedToken {
  Algorithm algorithm;
  // Absent where the header names no key.
  std::optional<std::string> key_id;
  // The header and payload as they were signed; a view of the token.
  std::string_view signing_input;
  std::string signature;
  // An object.
  json::Document payload;
};

// Takes a JWT in JWS compact serialization apart (RFC 7515 section 7.1): exactly three non-empty parts of canonical
// base64url, strict JSON objects, an algorithm that is allowed, no `crit` (section 4.1.11). `jku`, `x5u`, `jwk` and
// `x5c` mean nothing here. `token` may hold any bytes and must outlive the result.
OrRejection<ParsedToken> ParseToken(std::string_view token, const TokenRules& rules);

}  // namespace verifier
