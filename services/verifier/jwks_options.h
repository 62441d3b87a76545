#pragma once

#include <cstddef>

#include "absl/time/time.h"
#include "services/verifier/algorithm.h"

namespace verifier {

// When a key set is fetched, for how long it serves, and what looking for a key that it does not have may cost.
struct JwksOptions {
  // How long a set serves before it is refreshed; `Cache-Control: max-age` may shorten it to `min_lifetime`.
  absl::Duration lifetime = absl::Hours(1);
  absl::Duration min_lifetime = absl::Seconds(60);
  // For how much longer the last good set serves where it cannot be refreshed.
  absl::Duration grace = absl::Hours(1);
  // How long LookUp() takes at most.
  absl::Duration lookup_timeout = absl::Seconds(2);
  // Lookups cause this many fetches at once, and one more each `lookup_interval`.
  int lookup_burst = 2;
  absl::Duration lookup_interval = absl::Seconds(10);
  // More lookups than this at once are kUnavailable: each holds its token.
  size_t max_waiting = 4096;
  // How long, and how many, keys are remembered as absent.
  absl::Duration absent_for = absl::Seconds(30);
  size_t max_absent = 1024;
  // After a failed fetch the next waits a random part of a bound that doubles from the first to the second.
  absl::Duration min_backoff = absl::Seconds(1);
  absl::Duration max_backoff = absl::Seconds(60);
  size_t max_keys = 32;
  // What an RSA key without `alg` is for.
  Algorithm rsa_algorithm = Algorithm::kRs256;
};

}  // namespace verifier
