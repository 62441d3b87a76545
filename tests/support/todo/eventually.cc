#include "tests/support/todo/eventually.h"

#include <thread>

#include "services/todo/deadline.h"

namespace todo::testing {

bool Eventually(const std::function<bool()>& holds, absl::Duration limit) {
  const Deadline deadline = DeadlineAfter(limit);
  while (!holds()) {
    if (HasPassed(deadline)) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace todo::testing
