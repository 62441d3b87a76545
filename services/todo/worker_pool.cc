#include "services/todo/worker_pool.h"

#include <utility>

namespace todo {

WorkerPool::WorkerPool(WorkerPoolOptions options) : options_(options) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Work(); });
  threads_.emplace_back([this] { RefuseLate(); });
}

WorkerPool::~WorkerPool() {
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
    has_work_.NotifyAll();
    stopping_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::Submit(std::string user_id, Job job) {
  {
    common::MutexLock lock(mutex_);
    if (queue_.size() < options_.max_queued) {
      queue_.push_back({std::move(user_id), std::move(job), DeadlineAfter(options_.max_wait)});
      has_work_.NotifyOne();
      return;
    }
  }
  job(TooBusy());
}

absl::Status WorkerPool::TooBusy() {
  refused_.Add();
  return absl::UnavailableError("the service has too much to do right now; try again shortly");
}

WorkerPool::Queue::iterator WorkerPool::NextRunnable() {
  for (auto waiting = queue_.begin(); waiting != queue_.end(); ++waiting) {
    const auto running = running_.find(waiting->user_id);
    if (running == running_.end() || running->second < options_.threads_a_user) return waiting;
  }
  return queue_.end();
}

WorkerPool::Waiting WorkerPool::Take(Queue::iterator waiting) {
  Waiting taken = std::move(*waiting);
  queue_.erase(waiting);
  return taken;
}

void WorkerPool::Run(Waiting waiting, const absl::Status& admitted) {
  mutex_.Unlock();
  waiting.job(admitted);
  waiting.job = nullptr;
  mutex_.Lock();
}

void WorkerPool::Work() {
  common::MutexLock lock(mutex_);
  while (true) {
    auto next = NextRunnable();
    for (; next == queue_.end() && !is_stopping_; next = NextRunnable()) has_work_.Wait(mutex_);
    // What is left is for those who work for its user: they look again when they are done.
    if (next == queue_.end()) return;
    Waiting taken = Take(next);
    const auto running = running_.emplace(taken.user_id, 0).first;
    ++running->second;
    Run(std::move(taken), absl::OkStatus());
    if (--running->second == 0) running_.erase(running);
  }
}

void WorkerPool::RefuseLate() {
  common::MutexLock lock(mutex_);
  while (!is_stopping_) {
    // A job that comes while this sleeps on an empty queue expires after it wakes, so nobody need wake it.
    const Deadline next = queue_.empty() ? DeadlineAfter(options_.max_wait) : queue_.front().expires;
    if (!HasPassed(next)) {
      stopping_.WaitUntil(mutex_, next);
      continue;
    }
    Run(Take(queue_.begin()), TooBusy());
  }
}

}  // namespace todo
