#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace todo::testing {

// A whole PostgreSQL server of a test's own, for tests that stop it. Gone with the object. Aborts, saying why, where
// the server cannot be run.
class PostgresCluster {
 public:
  // Makes the cluster and starts it, with further settings such as `log_statement=all`.
  explicit PostgresCluster(std::vector<std::string> settings = {});
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  // Ends all its connections.
  void Stop();
  void Start();
  // Kills it without warning, as a loss of power would; what was flushed is there after Start().
  void Kill();
  // Halts all its processes as they are, until Resume(): connections stay open and nothing answers.
  void Stall();
  void Resume();

  std::string url() const;
  // Where its socket is.
  const std::string& socket_folder() const { return folder_; }

 private:
  // The server and all that it has started.
  std::vector<pid_t> Processes() const;

  const std::vector<std::string> settings_;
  std::string folder_;
  std::vector<pid_t> stalled_;
};

}  // namespace todo::testing
