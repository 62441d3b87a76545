#pragma once

#include <functional>
#include <thread>

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
  // OK means SERVING. Called from one thread; must return within a bounded time.
  using Check = std::function<absl::Status()>;

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
