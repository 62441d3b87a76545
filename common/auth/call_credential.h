#pragma once

#include <grpcpp/support/string_ref.h>

#include <map>

#include "absl/status/statusor.h"
#include "common/auth/credential.h"

namespace auth {

// Takes the credential out of a call's metadata: the bearer token where there is an `authorization`, else the `cookie`
// with its `origin`, as a gateway passes them on from a browser in session mode.
//
// Fails with UNAUTHENTICATED and the reason MISSING_TOKEN or INVALID_HEADER_FORMAT. The views live as long as the
// metadata.
absl::StatusOr<Credential> CredentialOf(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);

}  // namespace auth
