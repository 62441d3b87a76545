#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace verifier {

// How the fetching of a key set goes, for operators. Times are those of the machine's clock.
struct KeySetStatus {
  // InfinitePast where the endpoint never gave a good answer.
  absl::Time last_success = absl::InfinitePast();
  // Until when the last good set serves if nothing better comes.
  absl::Time usable_until = absl::InfinitePast();
  // When the endpoint is asked next at the latest.
  absl::Time next_fetch = absl::InfinitePast();
  // What the last fetch met; empty where it succeeded.
  std::string last_error;
  // How many fetches had which result since the start.
  int64_t fetched = 0;
  int64_t not_modified = 0;
  int64_t unreachable = 0;
  int64_t bad_answers = 0;
};

}  // namespace verifier
