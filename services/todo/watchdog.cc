#include "services/todo/watchdog.h"

#include <sys/socket.h>

namespace todo {

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
  if (sockets_.begin()->first == key) changed_.NotifyOne();
  return key;
}

bool Watchdog::Remove(const Key& key) {
  common::MutexLock lock(mutex_);
  return sockets_.erase(key) == 1;
}

void Watchdog::Run() {
  common::MutexLock lock(mutex_);
  while (!is_stopping_) {
    if (sockets_.empty()) {
      changed_.Wait(mutex_);
      continue;
    }
    const auto [key, socket] = *sockets_.begin();
    if (!HasPassed(key.first)) {
      changed_.WaitUntil(mutex_, key.first);
      continue;
    }
    // Under the lock: whoever removes the watch waits, so the descriptor cannot have been closed and given to another.
    shutdown(socket, SHUT_RDWR);
    sockets_.erase(key);
  }
}

}  // namespace todo
