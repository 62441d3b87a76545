#include "tests/support/todo/postgres_cluster.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"

namespace todo::testing {
namespace {

// Runs a command of PostgreSQL's as a user who may: it refuses to run as root.
void RunAsPostgres(const std::string& folder, const std::string& command) {
  const std::string user = geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --init-groups " : "";
  const std::string line =
      absl::StrCat("cd ", folder, " && PATH=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1):$PATH ", user,
                   command, " >", folder, "/output 2>&1");
  if (std::system(line.c_str()) == 0) return;
  std::fprintf(stderr, "failed: %s\n", line.c_str());
  std::abort();
}

}  // namespace

PostgresCluster::PostgresCluster(std::vector<std::string> settings) : settings_(std::move(settings)) {
  char folder[] = "/tmp/todo-cluster.XXXXXX";
  if (mkdtemp(folder) == nullptr) std::abort();
  folder_ = folder;
  if (geteuid() == 0 && std::system(absl::StrCat("chown postgres: ", folder_).c_str()) != 0) std::abort();
  RunAsPostgres(folder_,
                "initdb --pgdata=data --username=todo --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync");
  Start();
}

PostgresCluster::~PostgresCluster() {
  Resume();
  if (access(absl::StrCat(folder_, "/data/postmaster.pid").c_str(), F_OK) == 0) Stop();
  if (std::system(absl::StrCat("rm -rf ", folder_).c_str()) != 0) std::fprintf(stderr, "%s is left\n", folder_.c_str());
}

void PostgresCluster::Stop() { RunAsPostgres(folder_, "pg_ctl --pgdata=data --mode=fast --wait stop"); }

void PostgresCluster::Kill() { RunAsPostgres(folder_, "pg_ctl --pgdata=data --mode=immediate --wait stop"); }

void PostgresCluster::Start() {
  std::string options = absl::StrCat("-c listen_addresses='' -c unix_socket_directories=", folder_);
  for (const std::string& setting : settings_) absl::StrAppend(&options, " -c ", setting);
  RunAsPostgres(folder_, absl::StrCat("pg_ctl --pgdata=data --wait --log=", folder_, "/server.log --options=\"",
                                      options, "\" start"));
}

void PostgresCluster::Stall() {
  stalled_ = Processes();
  for (const pid_t process : stalled_) kill(process, SIGSTOP);
}

void PostgresCluster::Resume() {
  for (const pid_t process : std::exchange(stalled_, {})) kill(process, SIGCONT);
}

std::vector<pid_t> PostgresCluster::Processes() const {
  pid_t process = 0;
  if (!(std::ifstream(folder_ + "/data/postmaster.pid") >> process)) std::abort();
  std::vector<pid_t> processes = {process};
  std::ifstream children(absl::StrCat("/proc/", process, "/task/", process, "/children"));
  while (children >> process) processes.push_back(process);
  return processes;
}

std::string PostgresCluster::url() const { return absl::StrCat("postgresql://todo@/postgres?host=", folder_); }

}  // namespace todo::testing
