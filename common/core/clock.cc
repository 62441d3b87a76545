#include "common/core/clock.h"

#include "absl/time/clock.h"

namespace common {

absl::Time SystemClock::Now() const { return absl::Now(); }

}  // namespace common
