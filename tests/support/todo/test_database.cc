#include "tests/support/todo/test_database.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "services/todo/database_url.h"
#include "services/todo/migrations.h"
#include "services/todo/uuid.h"

namespace todo::testing {
namespace {

// Told apart from the connections of the service.
constexpr char kOutsider[] = " application_name='test'";

[[noreturn]] void GiveUp(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::abort();
}

std::string ServerFromEnvironment() {
  const char* url = std::getenv("TEST_DATABASE_URL");
  if (url == nullptr) {
    GiveUp("TEST_DATABASE_URL is not set: run `scripts/with-postgres ctest --test-dir build` (or this test under it)");
  }
  return url;
}

std::unique_ptr<DatabaseConnection> Open(const std::string& connection_string) {
  auto connection = DatabaseConnection::Open(connection_string + kOutsider);
  if (!connection.ok()) GiveUp(absl::StrCat("the test database: ", connection.status().message()));
  return *std::move(connection);
}

pqxx::result Run(DatabaseConnection& connection, const std::string& sql) {
  absl::StatusOr<pqxx::result> rows = connection.Run(Statement(sql), {});
  if (!rows.ok()) GiveUp(absl::StrCat(sql, ": ", rows.status().message()));
  return *std::move(rows);
}

}  // namespace

TestDatabase::TestDatabase(Schema schema, const std::string& server_url)
    : name_("todo_test_" + absl::StrReplaceAll(NewUuid(absl::Now()), {{"-", ""}})), service_role_(name_ + "_service") {
  server_ = *ToConnectionString(server_url.empty() ? ServerFromEnvironment() : server_url);
  {
    const auto server = Open(server_);
    Run(*server, "CREATE DATABASE " + name_);
    Run(*server, "CREATE ROLE " + service_role_ + " LOGIN");
  }
  url_ = absl::StrCat(server_, " dbname='", name_, "'");
  connection_ = Open(url_);
  if (schema == Schema::kMigrated) MakeSchema();
}

void TestDatabase::MakeSchema() {
  const bool is_made = Migrate(*connection_).ok() && GrantService(*connection_, service_role_).ok();
  if (!is_made) GiveUp("the schema could not be made");
  // With the settings that the schema brings along.
  connection_ = Open(url_);
}

std::string TestDatabase::service_url() const { return absl::StrCat(url_, " user='", service_role_, "'"); }

TestDatabase::~TestDatabase() {
  connection_ = nullptr;
  // Where a test has stopped the whole server there is nothing to clean up.
  auto server = DatabaseConnection::Open(server_);
  if (!server.ok()) return;
  (void)(*server)->RunScript("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  (void)(*server)->RunScript("DROP ROLE IF EXISTS " + service_role_);
}

void TestDatabase::Execute(const std::string& sql) {
  const absl::Status status = connection_->RunScript(sql);
  if (!status.ok()) GiveUp(absl::StrCat(sql, ": ", status.message()));
}

std::string TestDatabase::Value(const std::string& sql) { return Run(*connection_, sql).front()[0].c_str(); }

std::string TestDatabase::Lines(const std::string& sql) {
  std::string lines;
  for (const auto& row : Run(*connection_, sql)) absl::StrAppend(&lines, row[0].c_str(), "\n");
  return lines;
}

std::unique_ptr<DatabaseConnection> TestDatabase::Connect() const { return Open(url_); }

int TestDatabase::ServiceConnections() {
  return std::atoi(Value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                         "application_name = 'todo-service'")
                       .c_str());
}

}  // namespace todo::testing
