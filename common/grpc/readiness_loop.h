#pragma once

#include <functional>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/core/logger.h"
#include "common/core/mutex.h"
#include "common/core/readiness_state.h"
#include "common/grpc/grpc_server.h"

namespace common {

// Keeps a server's health in step with what the server needs: runs a check again and again on a thread of its own, and
// logs each change with its reason.
class ReadinessLoop {
 public:
  struct Finding {
    // A server that is not ready is not SERVING, unless it says otherwise.
    Finding(absl::Status status) : ready(std::move(status)), is_serving(ready.ok()) {}  // NOLINT: a status is enough
    Finding(absl::Status status, bool serves) : ready(std::move(status)), is_serving(serves) {}

    absl::Status ready;  // OK, or UNAVAILABLE with all reasons
    bool is_serving;     // whether a call is better made here than not at all
  };
  // Called from one thread; must return within a bounded time.
  using Check = std::function<Finding()>;

  // Checks at once and then each `interval`. Leaves each outcome in `state` too; it and `server` must outlive this.
  ReadinessLoop(GrpcServer& server, ReadinessState& state, Check check, absl::Duration interval, Logger logger);
  // Ends the loop; the health stays as it is.
  ~ReadinessLoop();

 private:
  void Run(absl::Duration interval) EXCLUDES(mutex_);

  GrpcServer& server_;
  ReadinessState& state_;
  const Check check_;
  const Logger logger_;

  Mutex mutex_;
  CondVar stopped_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

}  // namespace common
