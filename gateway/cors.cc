#include "gateway/cors.h"

#include "absl/strings/str_cat.h"
#include "common/core/url.h"

namespace gateway {

absl::StatusOr<CorsPolicy> CorsPolicy::Create(const std::vector<std::string>& origins, bool allows_credentials) {
  CorsPolicy policy;
  policy.allows_credentials_ = allows_credentials;
  for (const std::string& origin : origins) {
    if (origin == "*") return absl::InvalidArgumentError("\"*\" would let every site in: list the origins");
    const absl::StatusOr<common::Url> url = common::Url::Parse(origin);
    if (!url.ok()) return absl::InvalidArgumentError(absl::StrCat("\"", origin, "\" ", url.status().message()));
    if (url->Origin() != origin) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", origin, "\" is no origin as browsers send it: write ", url->Origin()));
    }
    policy.origins_.insert(origin);
  }
  return policy;
}

void CorsPolicy::AddHeaders(std::string_view origin, http::Response* response) const {
  if (origins_.empty()) return;
  response->AddHeaderLines("Vary: Origin\r\n");
  if (origin.empty() || origins_.find(origin) == origins_.end()) return;
  response->AddHeader("Access-Control-Allow-Origin", origin);
  if (allows_credentials_) response->AddHeaderLines("Access-Control-Allow-Credentials: true\r\n");
  response->AddHeaderLines("Access-Control-Expose-Headers: ETag, Location, X-Request-Id, Retry-After\r\n");
}

void CorsPolicy::AddPreflightHeaders(http::Response* response) {
  response->AddHeaderLines(
      "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n"
      "Access-Control-Allow-Headers: Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, "
      "Last-Event-ID, X-Request-Id, traceparent\r\n"
      "Access-Control-Max-Age: 600\r\n");
}

}  // namespace gateway
