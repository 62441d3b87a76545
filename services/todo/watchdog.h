#pragma once

#include <cstdint>
#include <map>
#include <thread>
#include <utility>

#include "common/core/mutex.h"
#include "services/todo/deadline.h"

namespace todo {

// Shuts a socket down when its deadline passes, so that a read from a peer that has stalled ends with an error. No
// timeout of PostgreSQL or TCP does that for a server process that was stopped. Thread-safe; one thread, however many
// watches.
class Watchdog {
 public:
  // Watches one socket for the length of a scope. The socket must stay open until this is gone.
  class Watch {
   public:
    Watch(Watchdog& watchdog, int socket, Deadline deadline);
    ~Watch() { Cancel(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // Ends the watch and tells whether the socket was shut down.
    bool Cancel();

   private:
    Watchdog& watchdog_;
    const std::pair<Deadline, uint64_t> key_;
    bool is_cancelled_ = false;
    bool has_fired_ = false;
  };

  Watchdog();
  // No watch may be left.
  ~Watchdog();

 private:
  using Key = std::pair<Deadline, uint64_t>;

  Key Add(int socket, Deadline deadline) EXCLUDES(mutex_);
  // False where the watch has fired.
  bool Remove(const Key& key) EXCLUDES(mutex_);
  void Run() EXCLUDES(mutex_);

  common::Mutex mutex_;
  common::CondVar changed_;
  // From the earliest deadline on; the number tells equal deadlines apart.
  std::map<Key, int> sockets_ GUARDED_BY(mutex_);
  uint64_t next_number_ GUARDED_BY(mutex_) = 0;
  // Until when the thread sleeps unless it is woken.
  Deadline wakes_at_ GUARDED_BY(mutex_) = {};
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace todo
