#include "tests/support/gateway/gateway_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

namespace gateway_testing {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

GatewayProcess::GatewayProcess(const std::string& binary, const std::vector<std::string>& arguments,
                               std::vector<std::string> environment) {
  std::vector<std::string> command = {binary};
  command.insert(command.end(), arguments.begin(), arguments.end());
  environment.push_back("PORT=0");
  int log[2];
  if (pipe2(log, O_CLOEXEC) != 0) return;
  std::vector<char*> argv = Pointers(command);
  std::vector<char*> envp = Pointers(environment);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(log[1], 2);
    execve(binary.c_str(), argv.data(), envp.data());
    _exit(127);
  }
  close(log[1]);
  reader_ = std::thread([this, pipe = log[0]] { ReadLog(pipe); });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  common::MutexLock lock(mutex_);
  size_t at;
  while ((at = log_.find("\"port\":")) == std::string::npos || log_.find('\n', at) == std::string::npos) {
    if (ended_ || !changed_.WaitUntil(mutex_, deadline)) return;
  }
  port_ = static_cast<uint16_t>(std::atoi(log_.c_str() + at + 7));
}

GatewayProcess::~GatewayProcess() { Stop(); }

int GatewayProcess::Stop() {
  if (pid_ <= 0) return -1;
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  reader_.join();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string GatewayProcess::log() const {
  common::MutexLock lock(mutex_);
  return log_;
}

void GatewayProcess::ReadLog(int pipe) {
  char bytes[4096];
  ssize_t size;
  while ((size = read(pipe, bytes, sizeof bytes)) > 0) {
    common::MutexLock lock(mutex_);
    // Enough to look at; a load test writes far more.
    if (log_.size() < (1 << 20)) log_.append(bytes, static_cast<size_t>(size));
    changed_.NotifyAll();
  }
  close(pipe);
  common::MutexLock lock(mutex_);
  ended_ = true;
  changed_.NotifyAll();
}

}  // namespace gateway_testing
