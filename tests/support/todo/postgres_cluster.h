#pragma once

#include <string>

namespace todo::testing {

// A whole PostgreSQL server of a test's own, for tests that stop it. Gone with the object. Aborts, saying why, where
// the server cannot be run.
class PostgresCluster {
 public:
  // Makes the cluster and starts it.
  PostgresCluster();
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  // Ends all its connections.
  void Stop();
  void Start();
  // Kills it without warning, as a loss of power would; what was flushed is there after Start().
  void Kill();

  std::string url() const;

 private:
  std::string folder_;
};

}  // namespace todo::testing
