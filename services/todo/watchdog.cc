#include "services/todo/watchdog.h"

#include <sys/socket.h>

namespace todo {
namespace {

// How long the thread sleeps where there is nothing to watch.
constexpr absl::Duration kIdle = absl::Hours(1);

}  // namespace

Watchdog::Watch::Watch(Watchdog& watchdog, int socket, Deadline deadline)
    : watchdog_(watchdog), key_(watchdog.Add(socket, deadline)) {}

bool Watchdog::Watch::Cancel() {
  if (!is_cancelled_) has_fired_ = !watchdog_.Remove(key_);
  is_cancelled_ = true;
  return has_fired_;
}

Watchdog::Watchdog() : thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
    changed_.NotifyOne();
  }
  thread_.join();
}

Watchdog::Key Watchdog::Add(int socket, Deadline deadline) {
  common::MutexLock lock(mutex_);
  const Key key(deadline, next_number_++);
  sockets_.emplace(key, socket);
  if (deadline < wakes_at_) changed_.NotifyOne();
  return key;
}

bool Watchdog::Remove(const Key& key) {
  common::MutexLock lock(mutex_);
  return sockets_.erase(key) == 1;
}

void Watchdog::Run() {
  common::MutexLock lock(mutex_);
  while (!is_stopping_) {
    // What was watched is gone, as a rule, before its deadline: nobody wakes the thread for that.
    wakes_at_ = sockets_.empty() ? DeadlineAfter(kIdle) : sockets_.begin()->first.first;
    if (!HasPassed(wakes_at_)) {
      changed_.WaitUntil(mutex_, wakes_at_);
      continue;
    }
    // Under the lock: whoever removes the watch waits, so the descriptor cannot have been closed and given to another.
    shutdown(sockets_.begin()->second, SHUT_RDWR);
    sockets_.erase(sockets_.begin());
  }
}

}  // namespace todo
