#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "auth/v1/token_verifier.pb.h"

namespace auth {

// The ErrorInfo domain of every reason that is made here.
inline constexpr std::string_view kErrorDomain = "auth.v1";

// UNAUTHENTICATED with an ErrorInfo: `reason` is one of the public error codes, such as MISSING_TOKEN.
absl::Status Denial(std::string_view reason, std::string_view message);

// The same for a credential that the verifier rejected; PERMISSION_DENIED where it is the origin that may not use it.
// Several rules share a public error code; the message says which one failed.
absl::Status Denial(const auth::v1::RejectedToken& rejected);

// UNAVAILABLE with the reason AUTH_UNAVAILABLE: the verifier could not decide, so nobody is let in and nobody is sent
// to sign in again.
absl::Status VerifierUnavailable(
    std::string_view message = "the token could not be checked right now; try again shortly");

// The public error code of a rejection.
std::string_view ErrorCode(auth::v1::RejectionReason reason);

}  // namespace auth
