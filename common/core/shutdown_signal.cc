#include "common/core/shutdown_signal.h"

#include <pthread.h>

namespace common {

ShutdownSignal::ShutdownSignal() {
  std::signal(SIGPIPE, SIG_IGN);
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

ShutdownSignal::AtOnce::AtOnce(const ShutdownSignal& signal) : signals_(signal.signals_) {
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

ShutdownSignal::AtOnce::~AtOnce() { pthread_sigmask(SIG_BLOCK, &signals_, nullptr); }

int ShutdownSignal::Wait() {
  int signal = 0;
  while (sigwait(&signals_, &signal) != 0) {
  }
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  return signal;
}

}  // namespace common
