#pragma once

#include <csignal>

namespace common {

// Turns SIGINT and SIGTERM into something to wait for, so that no work is done in a signal handler.
//
// Make it first in main(), before any thread is started: the signals are blocked in this thread and, by inheritance, in
// every later one. SIGPIPE is ignored as well: a peer that has gone away is an error of the write. A second signal
// while the process shuts down ends it at once.
class ShutdownSignal {
 public:
  ShutdownSignal();

  // Lets the signals end the process at once for as long as it lives: where nothing is served yet, there is nothing to
  // shut down.
  class AtOnce {
   public:
    explicit AtOnce(const ShutdownSignal& signal);
    ~AtOnce();
    AtOnce(const AtOnce&) = delete;
    AtOnce& operator=(const AtOnce&) = delete;

   private:
    const sigset_t& signals_;
  };

  // Blocks until SIGINT or SIGTERM arrives and returns which. The next one ends the process at once.
  int Wait();

 private:
  sigset_t signals_;
};

}  // namespace common
