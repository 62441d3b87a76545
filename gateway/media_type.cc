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

// How closely a range fits a type; 0 for not at all.
int Closeness(absl::string_view range, absl::string_view type) {
  if (absl::EqualsIgnoreCase(range, type)) return 3;
  const absl::string_view family = type.substr(0, type.find('/') + 1);
  if (range.size() == family.size() + 1 && range.back() == '*' && absl::StartsWithIgnoreCase(range, family)) return 2;
  return range == "*/*" ? 1 : 0;
}

// How much a type is wanted: what the range that fits it most closely says.
double Wanted(absl::string_view accept, absl::string_view type) {
  int best = 0;
  double quality = 0;
  for (absl::string_view entry : absl::StrSplit(accept, ',')) {
    const Parameters parts = absl::StrSplit(entry, ';');
    const int closeness = Closeness(Trim(parts.front()), type);
    if (closeness <= best) continue;
    best = closeness;
    quality = Quality(parts);
  }
  return quality;
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

std::optional<size_t> ChooseMediaType(std::string_view accept, const std::vector<std::string_view>& offers) {
  if (accept.empty() || accept == "*/*") return 0;
  std::optional<size_t> choice;
  double most = 0;
  for (size_t i = 0; i < offers.size(); ++i) {
    const double wanted = Wanted(View(accept), View(offers[i]));
    if (wanted <= most) continue;
    most = wanted;
    choice = i;
  }
  return choice;
}

bool AcceptsJson(std::string_view accept) {
  return accept.empty() || accept == "*/*" || Wanted(View(accept), "application/json") > 0;
}

}  // namespace gateway
