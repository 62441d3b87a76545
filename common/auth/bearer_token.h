#pragma once

#include <grpcpp/support/string_ref.h>

#include <map>
#include <string_view>

#include "absl/status/statusor.h"

namespace auth {

// Takes the token out of a call's metadata: the one `authorization` entry, of the form `Bearer TOKEN` (RFC 6750 section
// 2.1; the scheme in any case, RFC 9110 section 11.1).
//
// Fails with UNAUTHENTICATED and the reason MISSING_TOKEN or INVALID_HEADER_FORMAT. The view lives as long as the
// metadata.
absl::StatusOr<std::string_view> BearerToken(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);

}  // namespace auth
