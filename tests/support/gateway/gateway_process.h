#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "common/core/mutex.h"

namespace gateway_testing {

// The http-gateway binary as a process of its own, on a port that the system chooses. Ended with this.
class GatewayProcess {
 public:
  // `environment` are whole entries, `NAME=value`. Waits until it listens; port() is 0 where it does not.
  GatewayProcess(const std::string& binary, const std::vector<std::string>& arguments,
                 std::vector<std::string> environment = {});
  ~GatewayProcess();
  GatewayProcess(const GatewayProcess&) = delete;
  GatewayProcess& operator=(const GatewayProcess&) = delete;

  uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  // Sends SIGTERM and waits; the exit code, or -1 where it ended otherwise.
  int Stop();
  // What it wrote to standard error so far.
  std::string log() const EXCLUDES(mutex_);

 private:
  void ReadLog(int pipe) EXCLUDES(mutex_);

  pid_t pid_ = -1;
  uint16_t port_ = 0;
  std::thread reader_;
  mutable common::Mutex mutex_;
  common::CondVar changed_;
  std::string log_ GUARDED_BY(mutex_);
  bool ended_ GUARDED_BY(mutex_) = false;
};

}  // namespace gateway_testing
