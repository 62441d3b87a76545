#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/mint-token/options.h"

namespace mint {

// Signs the token that `options` describe, issued at `now`. `key` is a private key in PEM, or for HS256 the secret. The
// only file that knows cpp-jwt: its exceptions end here.
absl::StatusOr<std::string> SignToken(const Options& options, const std::string& algorithm, const std::string& key,
                                      absl::Time now);

}  // namespace mint
