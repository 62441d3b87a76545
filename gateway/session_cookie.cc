#include "gateway/session_cookie.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gateway/text.h"

namespace gateway {
namespace {

constexpr std::string_view kSessionName = "better-auth.session_token";

// RFC 6265 section 4.1.1: visible ASCII without quotes, commas, semicolons and backslashes.
bool IsCookieText(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
  });
}

}  // namespace

std::optional<Problem> FindSessionCookies(const http::RequestHead& head, std::string* cookie) {
  std::vector<absl::string_view> names;
  for (const http::HeaderField& field : head.fields) {
    if (!absl::EqualsIgnoreCase(View(field.name), "cookie")) continue;
    for (absl::string_view pair : absl::StrSplit(View(field.value), ';')) {
      pair = absl::StripAsciiWhitespace(pair);
      const absl::string_view name = pair.substr(0, pair.find('='));
      if (name.size() == pair.size() || !absl::EndsWith(name, View(kSessionName))) continue;
      if (std::find(names.begin(), names.end(), name) != names.end()) {
        return MakeProblem(400, "the session cookie stands twice");
      }
      if (!IsCookieText(pair)) return MakeProblem(400, "the session cookie holds characters that a cookie cannot have");
      names.push_back(name);
      cookie->append(cookie->empty() ? "" : "; ").append(pair.data(), pair.size());
    }
  }
  return std::nullopt;
}

}  // namespace gateway
