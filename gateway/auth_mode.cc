#include "gateway/auth_mode.h"

#include "absl/strings/str_cat.h"

namespace gateway {

absl::StatusOr<AuthMode> AuthMode::Parse(const std::vector<std::string>& names) {
  AuthMode mode{false, false};
  for (const std::string& name : names) {
    if (name != "jwt" && name != "session") {
      return absl::InvalidArgumentError(absl::StrCat("\"", name, "\" is no mode: write jwt, session, or jwt,session"));
    }
    bool& member = name == "jwt" ? mode.jwt : mode.session;
    if (member) return absl::InvalidArgumentError(absl::StrCat(name, " stands twice"));
    member = true;
  }
  if (!mode.jwt && !mode.session)
    return absl::InvalidArgumentError("names no mode: write jwt, session, or jwt,session");
  return mode;
}

}  // namespace gateway
