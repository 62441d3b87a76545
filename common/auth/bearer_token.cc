#include "common/auth/bearer_token.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "common/auth/denial.h"

namespace auth {

absl::StatusOr<std::string_view> BearerToken(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  const auto [first, last] = metadata.equal_range("authorization");
  if (first == last) return Denial("MISSING_TOKEN", "the call has no `authorization`");
  if (std::next(first) != last) return Denial("INVALID_HEADER_FORMAT", "the call has more than one `authorization`");

  const std::string_view header(first->second.data(), first->second.size());
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view scheme = header.substr(0, kScheme.size());
  if (!absl::EqualsIgnoreCase({scheme.data(), scheme.size()}, {kScheme.data(), kScheme.size()})) {
    return Denial("INVALID_HEADER_FORMAT", "`authorization` is not of the form `Bearer TOKEN`");
  }
  const std::string_view token = header.substr(kScheme.size());
  const bool has_space = std::any_of(token.begin(), token.end(), [](char c) { return c == ' ' || c == '\t'; });
  if (token.empty() || has_space) {
    return Denial("INVALID_HEADER_FORMAT", "`authorization` is not of the form `Bearer TOKEN`");
  }
  return token;
}

}  // namespace auth
