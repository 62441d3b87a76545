#include "common/core/shutdown_signal.h"

#include <pthread.h>
#include <unistd.h>

#include <initializer_list>

namespace common {
namespace {

// Has the default effect, and ends the first process of a PID namespace too, for which the kernel knows no default
// effect (pid_namespaces(7)): that is what runs in a container.
void EndAtOnce(int signal) {
  std::raise(signal);
  _exit(128 + signal);
}

}  // namespace

ShutdownSignal::ShutdownSignal() {
  std::signal(SIGPIPE, SIG_IGN);
  sigemptyset(&signals_);
  struct sigaction action = {};
  action.sa_handler = EndAtOnce;
  // The default effect is back, and not blocked, once the handler is entered.
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (const int signal : {SIGINT, SIGTERM}) {
    sigaddset(&signals_, signal);
    sigaction(signal, &action, nullptr);
  }
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
