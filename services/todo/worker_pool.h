#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/core/mutex.h"
#include "common/metrics/counter.h"
#include "services/todo/deadline.h"

namespace todo {

// What a worker pool is made with.
struct WorkerPoolOptions {
  int threads = 10;
  // How many of them may work for one user at a time, so that nobody can keep all others out.
  int threads_a_user = 10;
  // How many jobs may wait for a thread.
  size_t max_queued = 1000;
  // How long a job may wait for a thread.
  absl::Duration max_wait = absl::Milliseconds(250);
};

// Runs jobs that block, away from gRPC's own threads: in the order in which they come, but passing over a user who has
// as many threads as one may have. Bounded in threads, in jobs that wait, and in how long they wait, so that overload
// becomes quick refusals and not a long queue. Thread-safe.
class WorkerPool {
 public:
  // Called exactly once: with OK on a thread of the pool; or with UNAVAILABLE where no thread became free in time, then
  // on the thread that submitted it or on one that only does this. Must not throw, nor block where it is refused.
  using Job = std::function<void(const absl::Status& admitted)>;

  explicit WorkerPool(WorkerPoolOptions options);
  // Runs what was submitted, then ends the threads.
  ~WorkerPool();

  void Submit(std::string user_id, Job job) EXCLUDES(mutex_);

  // The jobs for which no thread became free in time.
  const metrics::Counter& refused() const { return refused_; }

 private:
  struct Waiting {
    std::string user_id;
    Job job;
    Deadline expires;
  };
  // In the order of their expiry, since all may wait equally long.
  using Queue = std::deque<Waiting>;
  // What a thread waits at that has nothing to do. It is given its next job before it is woken, and need not look for
  // one.
  struct Parked {
    common::CondVar woken;
    std::optional<Waiting> job;
  };

  void Work(Parked& self) EXCLUDES(mutex_);
  void RefuseLate() EXCLUDES(mutex_);
  bool MayRun(const std::string& user_id) const REQUIRES(mutex_);
  // The first of the queue that a thread may take.
  std::optional<Waiting> NextRunnable() REQUIRES(mutex_);
  // Waits for the next job; none where the pool ends.
  std::optional<Waiting> Park(Parked& self) REQUIRES(mutex_);
  Waiting Take(Queue::iterator waiting) REQUIRES(mutex_);
  // Runs it without the lock.
  void Run(Job job, const absl::Status& admitted) REQUIRES(mutex_);
  // The refusal, which is counted.
  absl::Status TooBusy();

  const WorkerPoolOptions options_;
  metrics::Counter refused_;
  common::Mutex mutex_;
  common::CondVar stopping_;
  Queue queue_ GUARDED_BY(mutex_);
  // The last to have worked comes first: what it needs is likeliest to be in the processor's caches.
  std::vector<Parked*> parked_ GUARDED_BY(mutex_);
  // How many threads work for whom.
  std::map<std::string, int> running_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  // One for each thread, as long as the pool: whoever wakes a thread need not know whether it still waits.
  std::vector<Parked> places_;
  std::vector<std::thread> threads_;
};

}  // namespace todo
