#pragma once

#include <memory>
#include <optional>
#include <pqxx/connection>
#include <pqxx/result>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace todo {

// One SQL statement with its placeholders (`$1`…), and the name it is prepared under. The name is made from the text,
// so that two versions of this program behind one connection pooler never run each other's statement.
struct Statement {
  explicit Statement(std::string text);

  std::string sql;
  std::string name;
};

// The values of a statement's placeholders, as text; nothing is NULL.
using Parameters = std::vector<std::optional<std::string>>;

// One connection to PostgreSQL. The only file that calls libpqxx: its exceptions end here. Not thread-safe.
//
// What fails has one of these codes:
//   ABORTED            lost against a concurrent transaction (40001, 40P01, 23503); nothing was written, try again
//   UNAVAILABLE        refused by a server that cannot work now (read-only, shutting down, out of resources); nothing
//                      was written
//   ALREADY_EXISTS     a row with the same key is there (23505); nothing was written
//   DEADLINE_EXCEEDED  the server cancelled it; nothing was written
//   PERMISSION_DENIED  the role may not do this (42501); nothing was written
//   UNKNOWN            the connection was lost: whether the statement ran is not known
//   INTERNAL           anything else; the message holds the SQLSTATE, a broken constraint's name, and nothing of the
//   data
class DatabaseConnection {
 public:
  // Connects; blocks for the connect timeout of `connection_string` at most. Fails with UNAVAILABLE and a message for
  // the operator that holds nothing of `connection_string`.
  static absl::StatusOr<std::unique_ptr<DatabaseConnection>> Open(const std::string& connection_string);
  ~DatabaseConnection();

  // Runs a statement in a transaction of its own, in one round trip. It is prepared at first use, unless a pooler
  // between here and the server has lost a prepared statement of this connection before.
  absl::StatusOr<pqxx::result> Run(const Statement& statement, const Parameters& parameters);
  // The same without preparing it: for what runs once, and within a transaction of RunScript(), which would not survive
  // that a pooler has lost a prepared statement or has that of somebody else.
  absl::StatusOr<pqxx::result> RunOnce(const Statement& statement, const Parameters& parameters);

  // Runs one or more statements without placeholders, such as a migration, or BEGIN and COMMIT.
  absl::Status RunScript(const std::string& sql);

  // Asks to be told what is notified on `channel`, a name of letters. Only on a connection without a pooler between.
  absl::Status Listen(const std::string& channel);
  // What was notified and is here, without waiting; readable() of the socket says when there may be more. UNKNOWN where
  // the connection was lost.
  absl::StatusOr<std::vector<std::string>> TakeNotifications();

  // Whether the connection is idle and open as far as this machine can tell. Costs one system call; never blocks.
  bool IsQuiet();

  // For a watchdog.
  int socket() { return connection_.sock(); }

 private:
  explicit DatabaseConnection(const std::string& connection_string);

  bool IsClosed();
  pqxx::result RunPrepared(const Statement& statement, const std::vector<const char*>& values);
  pqxx::result RunUnprepared(const Statement& statement, const std::vector<const char*>& values);

  class Receiver;

  pqxx::connection connection_;
  // What TakeNotifications() has not given out yet; the receiver, which is gone before the connection, fills it.
  std::vector<std::string> notifications_;
  std::unique_ptr<Receiver> receiver_;
  std::unordered_set<std::string> prepared_;
  bool keeps_prepared_statements_ = true;
};

}  // namespace todo
