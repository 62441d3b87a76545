#pragma once

#include <simdjson.h>

#include "auth/v1/token_verifier.pb.h"
#include "services/verifier/claims_policy.h"

namespace verifier {

// The claims as callers of the verifier see them: the registered ones typed, `email` and `name` where they are strings,
// the rest of `payload` as it stood. `key_id` and `algorithm` are left empty.
auth::v1::VerifiedToken ToMessage(const Claims& claims, simdjson::dom::object payload);

}  // namespace verifier
