#pragma once

#include <memory>
#include <string>

#include "services/todo/database_connection.h"

namespace todo::testing {

// A database of a test's own on the server that TEST_DATABASE_URL names; dropped with the object. Aborts, saying what
// to do, where there is no server. Not thread-safe.
class TestDatabase {
 public:
  enum class Schema { kNone, kMigrated };

  // On the server of `server_url`, or of TEST_DATABASE_URL where that is empty.
  explicit TestDatabase(Schema schema = Schema::kMigrated, const std::string& server_url = "");
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // For the role that owns it and migrates it.
  const std::string& url() const { return url_; }
  // For a role that may use the schema and not change it.
  std::string service_url() const;
  const std::string& service_role() const { return service_role_; }
  const std::string& name() const { return name_; }

  // Runs statements from outside the service.
  void Execute(const std::string& sql);
  // The one value that a query gives, as text.
  std::string Value(const std::string& sql);
  // The first column of all rows, a line each.
  std::string Lines(const std::string& sql);

  // A connection from outside the service.
  std::unique_ptr<DatabaseConnection> Connect() const;

  // Makes its own connection anew, where the server was stopped meanwhile.
  void Reconnect() { connection_ = Connect(); }

  // Makes the schema, as an operator does before the service can run.
  void MakeSchema();

  // How many connections the service has to this database.
  int ServiceConnections();

 private:
  std::string server_;
  std::string name_;
  std::string service_role_;
  std::string url_;
  std::unique_ptr<DatabaseConnection> connection_;
};

}  // namespace todo::testing
