#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/verifier/jwks_server.h"

namespace verifier::testing {

// Something that a JWKS endpoint can do wrong.
struct JwksFault {
  // For the name of a test.
  std::string name;
  // Makes the server do it from now on.
  std::function<void(JwksServer&)> inject;
  // What the verifier's own words for it must hold.
  std::string message;
  // Whether a fetch goes on until it is given up.
  bool is_endless = false;
};

// For GoogleTest, which would print its bytes.
inline void PrintTo(const JwksFault& fault, std::ostream* out) { *out << fault.message; }

// One of every kind.
std::vector<JwksFault> JwksFaults();

}  // namespace verifier::testing
