#include "services/verifier/forward_auth_answers.h"

#include "absl/strings/str_cat.h"
#include "common/json/json_text.h"

namespace verifier {
namespace {

constexpr size_t kMaxSubjectBytes = 1024;
constexpr int kRetryAfterSeconds = 1;

// What error_description may hold (RFC 6750 section 3): visible ASCII and spaces without `"` and `\`.
std::string Description(std::string_view text) {
  std::string description(text);
  for (char& c : description) {
    if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') c = '?';
  }
  return description;
}

// A problem (RFC 9457) without a type of its own. No answer may be kept: the next one may be another.
http::Response Problem(int status, std::string_view detail) {
  http::Response response(status);
  response.AddHeaderLines("Cache-Control: no-store\r\nContent-Type: application/problem+json\r\n");
  response.body = R"({"title":)";
  json::AppendString(http::ReasonPhrase(status), &response.body);
  absl::StrAppend(&response.body, R"(,"status":)", status, R"(,"detail":)");
  json::AppendString(detail, &response.body);
  response.body += "}";
  return response;
}

}  // namespace

absl::StatusOr<std::string> SubjectForHeader(std::string_view subject) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string value;
  for (const unsigned char c : subject) {
    if (c > 0x20 && c < 0x7f && c != '%') {
      value.push_back(static_cast<char>(c));
    } else {
      value.append({'%', kHex[c >> 4], kHex[c & 15]});
    }
  }
  if (value.size() > kMaxSubjectBytes) {
    return absl::InvalidArgumentError("the token's `sub` is too long for a header");
  }
  return value;
}

http::Response Pass(std::string_view subject) {
  http::Response response(200);
  response.AddHeaderLines("Cache-Control: no-store\r\n");
  response.AddHeader("X-Auth-Subject", subject);
  return response;
}

http::Response Unauthorized(const Challenge& challenge) {
  http::Response response = Problem(401, challenge.detail);
  std::string value = R"(Bearer realm="protected")";
  if (!challenge.error.empty()) {
    absl::StrAppend(&value, R"(, error=")", absl::string_view(challenge.error.data(), challenge.error.size()),
                    R"(", error_description=")", Description(challenge.detail), "\"");
  }
  response.AddHeader("WWW-Authenticate", value);
  return response;
}

http::Response Forbidden(std::string_view detail) { return Problem(403, detail); }

http::Response Undecided() {
  http::Response response = Problem(503, "the token could not be checked right now; try again shortly");
  response.AddHeader("Retry-After", absl::StrCat(kRetryAfterSeconds));
  return response;
}

http::Response Refused(int status, std::string_view detail) {
  http::Response response = Problem(status, detail);
  if (status == 503) response.AddHeader("Retry-After", absl::StrCat(kRetryAfterSeconds));
  return response;
}

}  // namespace verifier
