#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/core/mutex.h"
#include "common/core/readiness_state.h"
#include "gateway/upstream.h"

namespace gateway {

// Upstreams by the full name of the service that they serve.
struct ServiceUpstream {
  std::string service;
  std::shared_ptr<Upstream> upstream;
};

// Says whether the gateway can serve: every upstream is asked, on a thread of this, one round for all who wait, and one
// each second besides. Thread-safe.
class Readiness {
 public:
  using Answer = std::function<void(bool is_ready)>;

  explicit Readiness(std::vector<ServiceUpstream> upstreams);
  // Whoever still waits hears false.
  ~Readiness();

  // Calls `answer` once, on any thread.
  void Ask(Answer answer) EXCLUDES(mutex_);
  // Not ready from now on: the process is about to end.
  void SetEnding() EXCLUDES(mutex_);
  // What the last round found.
  absl::Status Known() const { return state_.Get(); }

 private:
  void Run() EXCLUDES(mutex_);
  absl::Status ProbeAll();

  const std::vector<ServiceUpstream> upstreams_;
  common::ReadinessState state_;
  common::Mutex mutex_;
  common::CondVar asked_;
  std::vector<Answer> waiting_ GUARDED_BY(mutex_);
  bool is_ending_ GUARDED_BY(mutex_) = false;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace gateway
