#include "services/todo/migrations.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace todo {
namespace {

// What a database says about a step it has.
struct AppliedStep {
  int version = 0;
  std::string checksum;
  int compatible_from = 0;
};

// By ascending version.
using AppliedSteps = std::vector<AppliedStep>;

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
);
ALTER TABLE todo.schema_migrations ADD COLUMN IF NOT EXISTS compatible_from integer)";

// What the service needs, and the settings that the schema (002 and 006) gives whoever migrates. The role is in a
// setting of the transaction, since DO takes no parameters.
constexpr char kGrants[] = R"(
DO $$
DECLARE
  role text := current_setting('todo.service_role');
  setting text;
  value text;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA todo TO %I', role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA todo TO %I', role);
  EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON todo.schema_migrations, todo.page_token_key FROM %I', role);
  EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA todo TO %I', role);
  FOR setting, value IN
    SELECT name, s.value FROM (VALUES ('plan_cache_mode', 'force_generic_plan'), ('enable_bitmapscan', 'off'),
      ('client_connection_check_interval', '1s')) AS s (name, value) JOIN pg_settings USING (name)
  LOOP
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET %I = %L', role, current_database(), setting, value);
  END LOOP;
END
$$)";

const Statement& ReadSteps() {
  static const auto* const kStatement =
      // The last column came later than the table.
      new Statement(
          "SELECT version, checksum, coalesce((to_jsonb(m) ->> 'compatible_from')::integer, version) "
          "FROM todo.schema_migrations AS m ORDER BY version");
  return *kStatement;
}

const Statement& HasBookkeeping() {
  static const auto* const kStatement = new Statement("SELECT to_regclass('todo.schema_migrations') IS NOT NULL");
  return *kStatement;
}

const Statement& RecordStep() {
  static const auto* const kStatement = new Statement(
      "INSERT INTO todo.schema_migrations (version, name, checksum, compatible_from) "
      "VALUES ($1::integer, $2, $3, $4::integer)");
  return *kStatement;
}

absl::StatusOr<AppliedSteps> ReadAppliedSteps(DatabaseConnection& connection) {
  absl::StatusOr<pqxx::result> rows = connection.RunOnce(ReadSteps(), {});
  if (!rows.ok()) return rows.status();
  AppliedSteps steps;
  for (const auto& row : *rows) {
    AppliedStep& step = steps.emplace_back();
    step.checksum = row[1].c_str();
    if (!absl::SimpleAtoi(row[0].c_str(), &step.version) || !absl::SimpleAtoi(row[2].c_str(), &step.compatible_from)) {
      return absl::InternalError("a schema version is no number");
    }
  }
  return steps;
}

// OK where `applied` is the beginning of what is known, or all of it and then steps that leave this program working.
absl::Status CheckHistory(const AppliedSteps& applied) {
  const std::vector<Migration>& known = KnownMigrations();
  for (size_t i = 0; i < applied.size(); ++i) {
    const auto& [version, checksum, compatible_from] = applied[i];
    const bool is_newer = i >= known.size() && version > known.back().version;
    if (is_newer && compatible_from <= known.back().version) continue;
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
  return connection
      .RunOnce(RecordStep(), {absl::StrCat(migration.version), migration.name, migration.checksum,
                              absl::StrCat(migration.compatible_from)})
      .status();
}

// Applies the first step that is missing, within a transaction that has begun. Answers its version, or 0 where there is
// none.
absl::StatusOr<int> ApplyNext(DatabaseConnection& connection) {
  if (absl::Status status = connection.RunScript(kBookkeeping); !status.ok()) return status;
  absl::StatusOr<AppliedSteps> applied = ReadAppliedSteps(connection);
  if (!applied.ok()) return applied.status();
  if (absl::Status status = CheckHistory(*applied); !status.ok()) return status;
  if (applied->size() >= KnownMigrations().size()) return 0;
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

absl::Status GrantService(DatabaseConnection& connection, const std::string& role) {
  static const auto* const kSetRole = new Statement("SELECT set_config('todo.service_role', $1, true)");
  if (absl::Status status = connection.RunScript(kBegin); !status.ok()) return status;
  absl::Status status = connection.RunOnce(*kSetRole, {role}).status();
  if (status.ok()) status = connection.RunScript(kGrants);
  const absl::Status end = connection.RunScript(status.ok() ? "COMMIT" : "ROLLBACK");
  return status.ok() ? end : status;
}

absl::Status CheckSchema(DatabaseConnection& connection) {
  const absl::Status missing = absl::FailedPreconditionError(absl::StrCat(
      "the database does not have schema version ", KnownMigrations().back().version, ": run `todo-service migrate`"));
  absl::StatusOr<AppliedSteps> applied = ReadAppliedSteps(connection);
  if (absl::IsPermissionDenied(applied.status())) {
    return absl::FailedPreconditionError(
        "the role of NEON_DATABASE_URL may not use the schema: run `todo-service migrate` with that variable and, in "
        "NEON_DATABASE_DIRECT_URL, the role that owns the schema");
  }
  if (absl::IsInternal(applied.status())) {
    const absl::StatusOr<pqxx::result> exists = connection.RunOnce(HasBookkeeping(), {});
    return exists.ok() && exists->front()[0].c_str() == std::string_view("f") ? missing : applied.status();
  }
  if (!applied.ok()) return applied.status();
  if (absl::Status status = CheckHistory(*applied); !status.ok()) return status;
  return applied->size() < KnownMigrations().size() ? missing : absl::OkStatus();
}

}  // namespace todo
