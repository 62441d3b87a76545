#pragma once

#include <string>

#include "tests/support/todo/postgres_cluster.h"

namespace todo::testing {

// A PgBouncer of a test's own, in transaction mode, in front of a cluster. Gone with the object. Aborts, saying why,
// where it cannot be run.
class PgBouncer {
 public:
  explicit PgBouncer(const PostgresCluster& cluster);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;

  // Keywords that name no database and the cluster's own role.
  std::string url() const;

 private:
  std::string folder_;
};

}  // namespace todo::testing
