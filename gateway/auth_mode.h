#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace gateway {

// By what a browser may say who it is: a bearer token in `Authorization`, or Better Auth's session cookie. Who it is,
// is for the upstream to find out; this only decides what the gateway lets through.
struct AuthMode {
  bool jwt = true;
  bool session = false;

  // Reads `jwt`, `session`, or both. Fails on an empty list, a name given twice, and any other name.
  static absl::StatusOr<AuthMode> Parse(const std::vector<std::string>& names);
};

}  // namespace gateway
