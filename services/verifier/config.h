#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/core/config_reader.h"
#include "services/verifier/claims_policy.h"

namespace verifier {

// What the process needs to know; every value has been checked.
struct Config {
  // `HOST:PORT` or `unix:PATH` to serve gRPC on.
  std::string address;
  std::string jwks_url;
  ClaimsPolicy::Options claims;
  bool debug = false;
};

// Reads the configuration; faults are left in `reader`, and then the result must not be used.
Config ReadConfig(common::ConfigReader& reader);

}  // namespace verifier
