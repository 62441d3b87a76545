#pragma once

#include <functional>

#include "absl/time/time.h"

namespace common {

// Calls `task` once after `delay`, on a thread of gRPC; it must not block.
void RunAfter(absl::Duration delay, std::function<void()> task);

}  // namespace common
