#include "services/todo/worker_pool.h"

#include <utility>

namespace todo {
namespace {

absl::Status TooBusy() { return absl::UnavailableError("the service has too much to do right now; try again shortly"); }

}  // namespace

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

void WorkerPool::Submit(Job job) {
  {
    common::MutexLock lock(mutex_);
    if (queue_.size() < options_.max_queued) {
      queue_.push_back({std::move(job), DeadlineAfter(options_.max_wait)});
      has_work_.NotifyOne();
      return;
    }
  }
  job(TooBusy());
}

WorkerPool::Job WorkerPool::TakeFront() {
  Job job = std::move(queue_.front().job);
  queue_.pop_front();
  return job;
}

void WorkerPool::Work() {
  common::MutexLock lock(mutex_);
  while (true) {
    while (queue_.empty() && !is_stopping_) has_work_.Wait(mutex_);
    if (queue_.empty()) return;
    Job job = TakeFront();
    mutex_.Unlock();
    job(absl::OkStatus());
    job = nullptr;
    mutex_.Lock();
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
    Job job = TakeFront();
    mutex_.Unlock();
    job(TooBusy());
    job = nullptr;
    mutex_.Lock();
  }
}

}  // namespace todo
