#include "services/todo/worker_pool.h"

#include <utility>

namespace todo {

WorkerPool::WorkerPool(WorkerPoolOptions options) : options_(options), places_(static_cast<size_t>(options.threads)) {
  for (Parked& place : places_) threads_.emplace_back([this, &place] { Work(place); });
  threads_.emplace_back([this] { RefuseLate(); });
}

WorkerPool::~WorkerPool() {
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
    for (Parked* worker : parked_) worker->woken.NotifyOne();
    stopping_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::Submit(std::string user_id, Job job) {
  Parked* worker = nullptr;
  {
    common::MutexLock lock(mutex_);
    if (!parked_.empty() && MayRun(user_id)) {
      worker = parked_.back();
      parked_.pop_back();
      ++running_[user_id];
      worker->job = {std::move(user_id), std::move(job), {}};
    } else if (queue_.size() < options_.max_queued) {
      queue_.push_back({std::move(user_id), std::move(job), DeadlineAfter(options_.max_wait)});
      return;
    }
  }
  if (worker == nullptr) return job(TooBusy());
  // Without the lock, which the thread wants first. It may have gone on by itself by now, and wait for its next job.
  worker->woken.NotifyOne();
}

absl::Status WorkerPool::TooBusy() {
  refused_.Add();
  return absl::UnavailableError("the service has too much to do right now; try again shortly");
}

bool WorkerPool::MayRun(const std::string& user_id) const {
  const auto running = running_.find(user_id);
  return running == running_.end() || running->second < options_.threads_a_user;
}

std::optional<WorkerPool::Waiting> WorkerPool::NextRunnable() {
  for (auto waiting = queue_.begin(); waiting != queue_.end(); ++waiting) {
    if (!MayRun(waiting->user_id)) continue;
    ++running_[waiting->user_id];
    return Take(waiting);
  }
  return std::nullopt;
}

std::optional<WorkerPool::Waiting> WorkerPool::Park(Parked& self) {
  parked_.push_back(&self);
  while (!self.job && !is_stopping_) self.woken.Wait(mutex_);
  return std::exchange(self.job, std::nullopt);
}

WorkerPool::Waiting WorkerPool::Take(Queue::iterator waiting) {
  Waiting taken = std::move(*waiting);
  queue_.erase(waiting);
  return taken;
}

void WorkerPool::Run(Job job, const absl::Status& admitted) {
  mutex_.Unlock();
  job(admitted);
  // What it holds goes without the lock, too.
  job = nullptr;
  mutex_.Lock();
}

void WorkerPool::Work(Parked& self) {
  common::MutexLock lock(mutex_);
  while (true) {
    std::optional<Waiting> next = NextRunnable();
    // What is left when the pool ends is for those who work for its user: they look again when they are done.
    if (!next && !is_stopping_) next = Park(self);
    if (!next) return;
    Run(std::move(next->job), absl::OkStatus());
    const auto running = running_.find(next->user_id);
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
    Run(Take(queue_.begin()).job, TooBusy());
  }
}

}  // namespace todo
