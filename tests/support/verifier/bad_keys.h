#pragma once

#include <string>
#include <vector>

namespace verifier::testing {

// A JSON Web Key that must be skipped for one reason.
struct BadKey {
  // For the name of a test.
  std::string name;
  std::string jwk;
  // What the verifier's own words for it must hold.
  std::string reason;
};

// One of every kind, none of which has a `kid` that another has.
std::vector<BadKey> BadKeys();

}  // namespace verifier::testing
