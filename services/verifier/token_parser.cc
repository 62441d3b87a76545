#include "services/verifier/token_parser.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/verifier/base64url.h"

namespace verifier {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

Rejection Malformed(std::string detail) { return {auth::v1::REJECTION_REASON_MALFORMED, std::move(detail)}; }

// The three parts of the compact serialization.
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
};

OrRejection<Parts> Split(std::string_view token) {
  const size_t first = token.find('.');
  if (first == std::string_view::npos) {
    return Rejection{auth::v1::REJECTION_REASON_NOT_A_JWT,
                     "this is no JWT: an opaque session token cannot be used here; take the JWT from /api/auth/token"};
  }
  const size_t second = token.find('.', first + 1);
  // An opaque Better Auth session token is two parts: a random one and its HMAC, which is in padded base64.
  if (second == std::string_view::npos) {
    return Rejection{auth::v1::REJECTION_REASON_NOT_A_JWT,
                     "this is no JWT: it has two parts, as a session cookie has; take the JWT from /api/auth/token"};
  }
  const Parts parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
  if (parts.signature.find('.') != std::string_view::npos) return Malformed("the token has more than three parts");
  if (parts.header.empty() || parts.payload.empty() || parts.signature.empty()) {
    return Malformed("a part of the token is empty");
  }
  return parts;
}

OrRejection<json::Document> ParseObject(std::string_view part, std::string_view what) {
  const absl::string_view name(what.data(), what.size());
  const std::optional<std::string> text = DecodeBase64Url(part);
  if (!text) return Malformed(absl::StrCat("the ", name, " is not canonical unpadded base64url"));
  absl::StatusOr<json::Document> document = json::Document::Parse(*text);
  if (!document.ok()) return Malformed(absl::StrCat("the ", name, " ", document.status().message()));
  if (!document->root().is_object()) return Malformed(absl::StrCat("the ", name, " is not a JSON object"));
  return *std::move(document);
}

bool IsAllowedType(std::string_view type, const TokenRules& rules) {
  // Media types are compared without regard to case, and `application/` may be left out (RFC 7515 section 4.1.9).
  constexpr std::string_view kPrefix = "application/";
  absl::string_view name(type.data(), type.size());
  if (absl::StartsWithIgnoreCase(name, {kPrefix.data(), kPrefix.size()})) name.remove_prefix(kPrefix.size());
  return std::any_of(rules.types.begin(), rules.types.end(),
                     [name](const std::string& allowed) { return absl::EqualsIgnoreCase(name, allowed); });
}

// What the header says about the key.
struct Header {
  Algorithm algorithm;
  std::optional<std::string> key_id;
};

OrRejection<Header> ReadHeader(object header, const TokenRules& rules) {
  if (header["crit"].error() == simdjson::SUCCESS) {
    return Rejection{auth::v1::REJECTION_REASON_CRITICAL_HEADER,
                     "the header has `crit`: no extension is understood here"};
  }
  if (element type; header["typ"].get(type) == simdjson::SUCCESS) {
    std::string_view text;
    if (type.get(text) != simdjson::SUCCESS || !IsAllowedType(text, rules)) {
      return Rejection{auth::v1::REJECTION_REASON_TYPE_NOT_ALLOWED,
                       "the header's `typ` is not that of an access token"};
    }
  }
  std::string_view name;
  if (header["alg"].get(name) != simdjson::SUCCESS) return Malformed("the header has no `alg` that is a string");
  const std::optional<Algorithm> algorithm = ParseAlgorithm(name);
  if (!algorithm || (*algorithm == Algorithm::kHs256 && !rules.allow_hs256)) {
    return Rejection{auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED,
                     "the header's `alg` is not an allowed algorithm"};
  }
  // Unencoded payloads (RFC 7797) are refused even where `crit` was left out against that RFC.
  if (bool encoded;
      header["b64"].error() == simdjson::SUCCESS && (header["b64"].get(encoded) != simdjson::SUCCESS || !encoded)) {
    return Malformed("the header's `b64` is not true");
  }
  Header result{.algorithm = *algorithm, .key_id = {}};
  if (element key_id; header["kid"].get(key_id) == simdjson::SUCCESS) {
    std::string_view text;
    if (key_id.get(text) != simdjson::SUCCESS) return Malformed("the header's `kid` is not a string");
    result.key_id = std::string(text);
  }
  return result;
}

}  // namespace

OrRejection<ParsedToken> ParseToken(std::string_view token, const TokenRules& rules) {
  if (token.size() > kMaxTokenBytes) {
    return Rejection{auth::v1::REJECTION_REASON_TOO_LARGE,
                     absl::StrCat("the token is longer than ", kMaxTokenBytes, " bytes")};
  }
  const OrRejection<Parts> parts = Split(token);
  if (!parts.ok()) return parts.rejection();
  const OrRejection<json::Document> header_text = ParseObject(parts->header, "header");
  if (!header_text.ok()) return header_text.rejection();
  OrRejection<Header> header = ReadHeader(object(header_text->root()), rules);
  if (!header.ok()) return header.rejection();
  OrRejection<json::Document> payload = ParseObject(parts->payload, "payload");
  if (!payload.ok()) return payload.rejection();
  std::optional<std::string> signature = DecodeBase64Url(parts->signature);
  if (!signature) return Malformed("the signature is not canonical unpadded base64url");

  return ParsedToken{.algorithm = header->algorithm,
                     .key_id = (*std::move(header)).key_id,
                     .signing_input = token.substr(0, parts->header.size() + 1 + parts->payload.size()),
                     .signature = *std::move(signature),
                     .payload = *std::move(payload)};
}

}  // namespace verifier
