#include "tests/support/todo/pgbouncer.h"

#include <signal.h>
#include <stdlib.h>

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace todo::testing {

PgBouncer::PgBouncer(const PostgresCluster& cluster) {
  char folder[] = "/tmp/todo-pooler.XXXXXX";
  if (mkdtemp(folder) == nullptr) std::abort();
  folder_ = folder;
  if (std::system(absl::StrCat(START_PGBOUNCER_PATH, " ", cluster.socket_folder(), " ", folder_).c_str()) != 0) {
    std::abort();
  }
}

PgBouncer::~PgBouncer() {
  pid_t process = 0;
  if (std::ifstream(folder_ + "/pid") >> process) kill(process, SIGTERM);
  if (std::system(("rm -rf " + folder_).c_str()) != 0) std::fprintf(stderr, "%s is left\n", folder_.c_str());
}

std::string PgBouncer::url() const { return absl::StrCat("host=", folder_, " port=6432 user=todo"); }

}  // namespace todo::testing
