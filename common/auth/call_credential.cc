#include "common/auth/call_credential.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/auth/bearer_token.h"
#include "common/auth/denial.h"

namespace auth {
namespace {

using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// The one entry of this name; empty where there is none.
absl::StatusOr<std::string_view> TheOne(const Metadata& metadata, const char* name) {
  const auto [first, last] = metadata.equal_range(name);
  if (first == last) return std::string_view();
  if (std::next(first) != last) {
    return Denial("INVALID_HEADER_FORMAT", absl::StrCat("the call has more than one `", name, "`"));
  }
  return std::string_view(first->second.data(), first->second.size());
}

}  // namespace

absl::StatusOr<Credential> CredentialOf(const Metadata& metadata) {
  const absl::StatusOr<std::string_view> cookie = TheOne(metadata, "cookie");
  if (metadata.count("authorization") > 0 || (cookie.ok() && cookie->empty())) {
    const absl::StatusOr<std::string_view> token = BearerToken(metadata);
    if (!token.ok()) return token.status();
    return Credential{.token = *token};
  }
  if (!cookie.ok()) return cookie.status();
  const absl::StatusOr<std::string_view> origin = TheOne(metadata, "origin");
  if (!origin.ok()) return origin.status();
  return Credential{.cookie = *cookie, .origin = *origin};
}

}  // namespace auth
