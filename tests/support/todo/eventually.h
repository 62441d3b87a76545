#pragma once

#include <functional>

#include "absl/time/time.h"

namespace todo::testing {

// Asks until `holds` does, and tells whether that was within `limit`: for what another process or thread does in its
// own time.
bool Eventually(const std::function<bool()>& holds, absl::Duration limit = absl::Seconds(10));

}  // namespace todo::testing
