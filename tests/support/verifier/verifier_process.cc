#include "tests/support/verifier/verifier_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"

namespace verifier::testing {

VerifierProcess::VerifierProcess(const std::string& binary, const Variables& variables)
    : is_debug_(variables.count("DEBUG") > 0) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  std::vector<std::string> texts = {"VERIFIER_PORT=0"};
  for (const auto& [name, value] : variables) texts.push_back(absl::StrCat(name, "=", value));
  std::vector<char*> environment;
  for (std::string& text : texts) environment.push_back(text.data());
  environment.push_back(nullptr);
  std::string name = binary;
  char* const arguments[] = {name.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  if (posix_spawn(&pid_, binary.c_str(), &actions, nullptr, arguments, environment.data()) != 0) std::abort();
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  reader_ = std::thread([this, output = ends[0]] { ReadLog(output); });
}

VerifierProcess::~VerifierProcess() {
  if (pid_ != 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  reader_.join();
}

std::string VerifierProcess::AwaitAddress() {
  const std::string text =
      is_debug_ ? " listening address=\"127.0.0.1:0\" port=" : R"("event":"listening","address":"127.0.0.1:0","port":)";
  if (!AwaitLog(text)) return "";
  common::MutexLock lock(mutex_);
  return absl::StrCat("127.0.0.1:", std::atoi(log_.c_str() + log_.find(text) + text.size()));
}

void VerifierProcess::Terminate() { kill(pid_, SIGTERM); }

int VerifierProcess::AwaitExit() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  AwaitLog("there is no such text, so this is the end of the log");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string VerifierProcess::log() const {
  common::MutexLock lock(mutex_);
  return log_;
}

int64_t VerifierProcess::ResidentBytes() const {
  std::ifstream file(absl::StrCat("/proc/", pid_, "/statm"));
  int64_t size = 0;
  int64_t resident = 0;
  file >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

void VerifierProcess::ReadLog(int output) {
  char buffer[4096];
  ssize_t got = 0;
  while ((got = read(output, buffer, sizeof buffer)) > 0) {
    common::MutexLock lock(mutex_);
    log_.append(buffer, static_cast<size_t>(got));
    // Whole lines alone, so that what follows a text is there too.
    if (log_.back() == '\n') changed_.NotifyAll();
  }
  close(output);
  common::MutexLock lock(mutex_);
  has_ended_ = true;
  changed_.NotifyAll();
}

bool VerifierProcess::AwaitLog(const std::string& text) {
  common::MutexLock lock(mutex_);
  while (log_.find(text) == std::string::npos) {
    if (has_ended_) return false;
    changed_.Wait(mutex_);
  }
  return true;
}

}  // namespace verifier::testing
