#include "gateway/media_type.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gateway/text.h"

namespace gateway {
namespace {

using Parameters = std::vector<absl::string_view>;

absl::string_view Trim(absl::string_view text) { return absl::StripAsciiWhitespace(text); }

// How much a media range is wanted: 1 where it does not say.
double Quality(const Parameters& parts) {
  for (size_t i = 1; i < parts.size(); ++i) {
    absl::string_view parameter = Trim(parts[i]);
    double quality = 0;
    if (absl::ConsumePrefix(&parameter, "q=") || absl::ConsumePrefix(&parameter, "Q=")) {
      return absl::SimpleAtod(parameter, &quality) ? quality : 0;
    }
  }
  return 1;
}

// How closely a range fits application/json; 0 for not at all.
int Closeness(absl::string_view range) {
  if (absl::EqualsIgnoreCase(range, "application/json")) return 3;
  if (absl::EqualsIgnoreCase(range, "application/*")) return 2;
  return range == "*/*" ? 1 : 0;
}

}  // namespace

bool IsJson(std::string_view content_type) {
  const Parameters parts = absl::StrSplit(View(content_type), ';');
  const absl::string_view type = Trim(parts.front());
  if (!absl::EqualsIgnoreCase(type, "application/json") &&
      !(absl::StartsWithIgnoreCase(type, "application/") && absl::EndsWithIgnoreCase(type, "+json"))) {
    return false;
  }
  for (size_t i = 1; i < parts.size(); ++i) {
    const absl::string_view parameter = Trim(parts[i]);
    if (!absl::StartsWithIgnoreCase(parameter, "charset=")) continue;
    const absl::string_view charset = parameter.substr(8);
    if (!absl::EqualsIgnoreCase(charset, "utf-8") && !absl::EqualsIgnoreCase(charset, "\"utf-8\"")) return false;
  }
  return true;
}

bool AcceptsJson(std::string_view accept) {
  if (accept.empty() || accept == "*/*" || accept == "application/json") return true;
  int best = 0;
  double quality = 0;
  for (absl::string_view entry : absl::StrSplit(View(accept), ',')) {
    const Parameters parts = absl::StrSplit(entry, ';');
    const int closeness = Closeness(Trim(parts.front()));
    if (closeness <= best) continue;
    best = closeness;
    quality = Quality(parts);
  }
  return best > 0 && quality > 0;
}

}  // namespace gateway
