#include "services/todo/migrations.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace todo {
namespace {

// What a database says about itself: the version and checksum of each step it has, ascending.
using AppliedSteps = std::vector<std::pair<int, std::string>>;

// The lock is any number that nothing else in the database uses; it is let go at the end of the transaction, so that it
// works through a pooler too.
constexpr char kBegin[] = "BEGIN; SELECT pg_advisory_xact_lock(7236120491)";
constexpr char kBookkeeping[] = R"(
CREATE SCHEMA IF NOT EXISTS todo;
CREATE TABLE IF NOT EXISTS todo.schema_migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
))";

const Statement& ReadSteps() {
  static const auto* const kStatement =
      new Statement("SELECT version, checksum FROM todo.schema_migrations ORDER BY version");
  return *kStatement;
}

const Statement& HasBookkeeping() {
  static const auto* const kStatement = new Statement("SELECT to_regclass('todo.schema_migrations') IS NOT NULL");
  return *kStatement;
}

const Statement& RecordStep() {
  static const auto* const kStatement =
      new Statement("INSERT INTO todo.schema_migrations (version, name, checksum) VALUES ($1::integer, $2, $3)");
  return *kStatement;
}

absl::StatusOr<AppliedSteps> ReadAppliedSteps(DatabaseConnection& connection) {
  absl::StatusOr<pqxx::result> rows = connection.Run(ReadSteps(), {});
  if (!rows.ok()) return rows.status();
  AppliedSteps steps;
  for (const auto& row : *rows) {
    int version = 0;
    if (!absl::SimpleAtoi(row[0].c_str(), &version)) return absl::InternalError("a schema version is no number");
    steps.emplace_back(version, row[1].c_str());
  }
  return steps;
}

// OK where `applied` is the beginning of what is known.
absl::Status CheckHistory(const AppliedSteps& applied) {
  const std::vector<Migration>& known = KnownMigrations();
  for (size_t i = 0; i < applied.size(); ++i) {
    const auto& [version, checksum] = applied[i];
    if (i >= known.size() || known[i].version != version) {
      return absl::FailedPreconditionError(
          absl::StrCat("the database has schema version ", version,
                       ", which this todo-service does not know: run a todo-service that does"));
    }
    if (known[i].checksum != checksum) {
      return absl::FailedPreconditionError(absl::StrCat("schema version ", version,
                                                        " of the database was made from another file than this "
                                                        "todo-service has: run the todo-service that made it"));
    }
  }
  return absl::OkStatus();
}

absl::Status Apply(DatabaseConnection& connection, const Migration& migration) {
  if (absl::Status status = connection.RunScript(migration.sql); !status.ok()) {
    return absl::Status(status.code(), absl::StrCat("schema/", migration.name, ": ", status.message()));
  }
  return connection.Run(RecordStep(), {absl::StrCat(migration.version), migration.name, migration.checksum}).status();
}

// Applies the first step that is missing, within a transaction that has begun. Answers its version, or 0 where there is
// none.
absl::StatusOr<int> ApplyNext(DatabaseConnection& connection) {
  if (absl::Status status = connection.RunScript(kBookkeeping); !status.ok()) return status;
  absl::StatusOr<AppliedSteps> applied = ReadAppliedSteps(connection);
  if (!applied.ok()) return applied.status();
  if (absl::Status status = CheckHistory(*applied); !status.ok()) return status;
  if (applied->size() == KnownMigrations().size()) return 0;
  const Migration& next = KnownMigrations()[applied->size()];
  if (absl::Status status = Apply(connection, next); !status.ok()) return status;
  return next.version;
}

}  // namespace

absl::StatusOr<std::vector<int>> Migrate(DatabaseConnection& connection) {
  std::vector<int> versions;
  while (true) {
    if (absl::Status status = connection.RunScript(kBegin); !status.ok()) return status;
    absl::StatusOr<int> version = ApplyNext(connection);
    const absl::Status end = connection.RunScript(version.ok() ? "COMMIT" : "ROLLBACK");
    if (!version.ok()) return version.status();
    if (!end.ok()) return end;
    if (*version == 0) return versions;
    versions.push_back(*version);
  }
}

absl::Status CheckSchema(DatabaseConnection& connection) {
  const absl::Status missing = absl::FailedPreconditionError(absl::StrCat(
      "the database does not have schema version ", KnownMigrations().back().version, ": run `todo-service migrate`"));
  absl::StatusOr<AppliedSteps> applied = ReadAppliedSteps(connection);
  if (absl::IsInternal(applied.status())) {
    const absl::StatusOr<pqxx::result> exists = connection.Run(HasBookkeeping(), {});
    return exists.ok() && exists->front()[0].c_str() == std::string_view("f") ? missing : applied.status();
  }
  if (!applied.ok()) return applied.status();
  if (absl::Status status = CheckHistory(*applied); !status.ok()) return status;
  return applied->size() < KnownMigrations().size() ? missing : absl::OkStatus();
}

}  // namespace todo
