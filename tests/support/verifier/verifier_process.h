#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <thread>

#include "common/core/mutex.h"

namespace verifier::testing {

// A run of the token-verifier binary on a port of its own, with nothing but these variables in its environment. Killed
// with the object. Thread-safe.
class VerifierProcess {
 public:
  using Variables = std::map<std::string, std::string>;

  VerifierProcess(const std::string& binary, const Variables& variables);
  ~VerifierProcess();

  // Blocks until it listens, and gives its address; empty where it ended instead.
  std::string AwaitAddress() EXCLUDES(mutex_);
  // Asks it to end.
  void Terminate();
  // Blocks until it ends, and gives its exit status; the negative signal where one ended it.
  int AwaitExit();

  // What it has logged so far.
  std::string log() const EXCLUDES(mutex_);
  // The memory that it has in use, in bytes.
  int64_t ResidentBytes() const;

 private:
  void ReadLog(int output);
  bool AwaitLog(const std::string& text) EXCLUDES(mutex_);

  // It logs for people then.
  const bool is_debug_;
  pid_t pid_ = 0;
  mutable common::Mutex mutex_;
  common::CondVar changed_;
  std::string log_ GUARDED_BY(mutex_);
  bool has_ended_ GUARDED_BY(mutex_) = false;
  std::thread reader_;
};

}  // namespace verifier::testing
