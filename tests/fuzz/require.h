#pragma once

#include <cstdio>
#include <cstdlib>

// Ends the process where a property that holds for every input does not hold for this one: a fuzz target has found a
// fault. `property` says what should have held.
inline void Require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "this does not hold: %s\n", property);
  std::abort();
}
