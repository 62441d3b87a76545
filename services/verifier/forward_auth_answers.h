#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/http/response.h"

namespace verifier {

// The answers that a reverse proxy gets to the question whether a request may pass. Pure.
//
// nginx lets a request pass on 2xx, refuses it on 401 and 403, and makes 500 of everything else; Caddy and Traefik let
// it pass on 2xx and send everything else to the client as it is. So a refusal is 401 or 403, whatever the fault.

// What stands in the challenge and in the body of a refusal.
struct Challenge {
  // An error code of RFC 6750 section 3.1; empty where no token was sent, and then the challenge says no more.
  std::string_view error;
  // In words, for the developer who sent the request.
  std::string detail;
};

// The subject as a header can carry it: visible ASCII stands for itself, every other byte and `%` are percent-encoded
// (RFC 3986 section 2.1), so that different subjects stay different. INVALID_ARGUMENT where that is longer than 1,024
// bytes: proxies would cut it off or fail.
absl::StatusOr<std::string> SubjectForHeader(std::string_view subject);

// 200 with `X-Auth-Subject`. `subject` must come from SubjectForHeader().
http::Response Pass(std::string_view subject);
// 401 with `WWW-Authenticate` (RFC 6750 section 3).
http::Response Unauthorized(const Challenge& challenge);
// 403: the token holds, and yet the request cannot pass.
http::Response Forbidden(std::string_view detail);
// 503 with `Retry-After`: nobody could decide, so nobody passes and nobody is sent to sign in again.
http::Response Undecided();
// The answer of the server itself to a request that it does not take.
http::Response Refused(int status, std::string_view detail);

}  // namespace verifier
