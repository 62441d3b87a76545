#include "services/todo/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/pgbouncer.h"
#include "tests/support/todo/test_database.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MigrationsTest : public ::testing::Test {
 protected:
  TestDatabase database_{TestDatabase::Schema::kNone};
  std::unique_ptr<DatabaseConnection> connection_ = database_.Connect();
};

TEST_F(MigrationsTest, AnEmptyDatabaseIsRefusedWithTheCommandToRun) {
  const absl::Status status = CheckSchema(*connection_);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("todo-service migrate"));
}

TEST_F(MigrationsTest, AVersionThatIsNotKnownIsRefused) {
  ASSERT_TRUE(Migrate(*connection_).ok());
  database_.Execute("INSERT INTO todo.schema_migrations VALUES (999, '999_future.sql', 'x')");
  for (const absl::Status& status : {CheckSchema(*connection_), Migrate(*connection_).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("999"));
  }
}

TEST_F(MigrationsTest, ANewerVersionThatLeavesThisProgramWorkingIsServed) {
  ASSERT_TRUE(Migrate(*connection_).ok());
  database_.Execute("INSERT INTO todo.schema_migrations VALUES (999, '999_future.sql', 'x', now(), " +
                    std::to_string(KnownMigrations().back().version) + ")");
  EXPECT_TRUE(CheckSchema(*connection_).ok());
  const auto again = Migrate(*connection_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_THAT(*again, IsEmpty());
  database_.Execute("INSERT INTO todo.schema_migrations VALUES (1000, '1000_breaking.sql', 'x', now(), 1000)");
  EXPECT_THAT(std::string(CheckSchema(*connection_).message()), HasSubstr("1000"));
}

TEST_F(MigrationsTest, TheServicesRoleMayUseTheSchemaAndNotChangeIt) {
  ASSERT_TRUE(Migrate(*connection_).ok());
  const std::string role = database_.service_role();
  ASSERT_TRUE(GrantService(*connection_, role).ok());
  const auto service = DatabaseConnection::Open(database_.service_url());
  ASSERT_TRUE(service.ok()) << service.status();
  EXPECT_TRUE(CheckSchema(**service).ok());
  EXPECT_TRUE((*service)
                  ->RunScript("SELECT todo.create_task('ada', gen_random_uuid(), 'x', NULL, false, 2::smallint, "
                              "NULL, NULL, NULL, '{}', NULL, NULL)")
                  .ok());
  for (const auto& [setting, value] :
       {std::pair("plan_cache_mode", "force_generic_plan"), std::pair("enable_bitmapscan", "off"),
        std::pair("client_connection_check_interval", "1s")}) {
    EXPECT_STREQ((*(*service)->Run(Statement(absl::StrCat("SHOW ", setting)), {}))[0][0].c_str(), value);
  }
  for (const char* forbidden :
       {"DROP TABLE todo.tasks", "ALTER TABLE todo.tasks ADD COLUMN x integer", "CREATE TABLE todo.x (y integer)",
        "TRUNCATE todo.tasks", "DELETE FROM todo.schema_migrations", "UPDATE todo.page_token_key SET key = key",
        "CREATE OR REPLACE FUNCTION todo.purge(p_limit integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA x"}) {
    EXPECT_FALSE((*service)->RunScript(forbidden).ok()) << forbidden;
  }
}

TEST_F(MigrationsTest, ARoleThatWasGrantedNothingIsToldWhatToRun) {
  ASSERT_TRUE(Migrate(*connection_).ok());
  const auto service = DatabaseConnection::Open(database_.service_url());
  ASSERT_TRUE(service.ok()) << service.status();
  const absl::Status status = CheckSchema(**service);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("todo-service migrate"));
}

TEST_F(MigrationsTest, AnotherContentOfAKnownVersionIsRefused) {
  ASSERT_TRUE(Migrate(*connection_).ok());
  database_.Execute("UPDATE todo.schema_migrations SET checksum = 'x' WHERE version = 1");
  EXPECT_EQ(CheckSchema(*connection_).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Migrate(*connection_).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(MigrationsTest, OneThatFailsLeavesNothingBehind) {
  database_.Execute("CREATE SCHEMA todo; CREATE TABLE todo.user_counters (in_the_way integer)");
  EXPECT_FALSE(Migrate(*connection_).ok());
  EXPECT_EQ(database_.Value("SELECT to_regclass('todo.tasks') IS NULL"), "t");
  EXPECT_EQ(database_.Value("SELECT to_regclass('todo.schema_migrations') IS NULL"), "t");
}

TEST_F(MigrationsTest, MakesTheSchemaThatTheServiceKnows) {
  const auto applied = Migrate(*connection_);
  ASSERT_TRUE(applied.ok()) << applied.status();
  std::vector<int> versions;
  for (const Migration& migration : KnownMigrations()) versions.push_back(migration.version);
  EXPECT_EQ(*applied, versions);
  EXPECT_TRUE(CheckSchema(*connection_).ok());
}

TEST_F(MigrationsTest, WorksThroughAPoolerThatOtherProgramsHavePreparedStatementsIn) {
  PostgresCluster cluster;
  PgBouncer pooler(cluster);
  TestDatabase database(TestDatabase::Schema::kMigrated, cluster.url());
  const std::string url = absl::StrCat(pooler.url(), " dbname='", database.name(), "'");
  // What replicas of the release before leave in the pooler's connection.
  const auto replica = DatabaseConnection::Open(url);
  ASSERT_TRUE(replica.ok()) << replica.status();
  ASSERT_TRUE(CheckSchema(**replica).ok());
  const int last = KnownMigrations().back().version;
  database.Execute(absl::StrCat("DELETE FROM todo.schema_migrations WHERE version = ", last));
  const auto migrator = DatabaseConnection::Open(url);
  ASSERT_TRUE(migrator.ok()) << migrator.status();
  const auto applied = Migrate(**migrator);
  ASSERT_TRUE(applied.ok()) << applied.status();
  EXPECT_THAT(*applied, ElementsAre(last));
  EXPECT_TRUE(GrantService(**migrator, database.service_role()).ok());
  EXPECT_TRUE(CheckSchema(**replica).ok());
}

TEST_F(MigrationsTest, ASecondRunDoesNothing) {
  ASSERT_TRUE(Migrate(*connection_).ok());
  const std::string key = database_.Value("SELECT encode(key, 'hex') FROM todo.page_token_key");
  const auto again = Migrate(*connection_);
  ASSERT_TRUE(again.ok());
  EXPECT_THAT(*again, IsEmpty());
  EXPECT_EQ(database_.Value("SELECT encode(key, 'hex') FROM todo.page_token_key"), key);
}

TEST_F(MigrationsTest, ManyAtOnceApplyEachStepOnce) {
  constexpr int kRunners = 6;
  std::vector<absl::StatusOr<std::vector<int>>> outcomes(kRunners, absl::UnknownError(""));
  std::vector<std::thread> threads;
  for (int i = 0; i < kRunners; ++i) {
    threads.emplace_back(
        [this, &outcome = outcomes[static_cast<size_t>(i)]] { outcome = Migrate(*database_.Connect()); });
  }
  for (std::thread& thread : threads) thread.join();
  size_t applied = 0;
  for (const auto& outcome : outcomes) {
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    applied += outcome->size();
  }
  EXPECT_EQ(applied, KnownMigrations().size());
  EXPECT_TRUE(CheckSchema(*connection_).ok());
}

TEST_F(MigrationsTest, EveryPrimaryKeyBeginsWithTheUser) {
  ASSERT_TRUE(Migrate(*connection_).ok());
  EXPECT_EQ(database_.Lines(R"(
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE i.indisprimary AND c.relnamespace = 'todo'::regnamespace AND a.attname <> 'user_id' ORDER BY 1)"),
            "page_token_key\nschema_migrations\n");
}

TEST_F(MigrationsTest, TheDatabaseItselfRefusesWhatNoTaskMayBe) {
  ASSERT_TRUE(Migrate(*connection_).ok());
  const auto insert = [this](const std::string& values) {
    return connection_->RunScript(
        "INSERT INTO todo.tasks (position, user_id, id, title, description, is_completed, priority, due_date, "
        "completed_at, created_at, updated_at, revision) VALUES ('a0', " +
        values + ")");
  };
  EXPECT_TRUE(insert("'ada', gen_random_uuid(), 'x', NULL, false, 2, NULL, NULL, now(), now(), 1").ok());
  for (const char* values : {"'', gen_random_uuid(), 'x', NULL, false, 2, NULL, NULL, now(), now(), 1",
                             "'ada', gen_random_uuid(), '', NULL, false, 2, NULL, NULL, now(), now(), 1",
                             "'ada', gen_random_uuid(), repeat('x', 256), NULL, false, 2, NULL, NULL, now(), now(), 1",
                             "'ada', gen_random_uuid(), 'x', repeat('x', 2001), false, 2, NULL, NULL, now(), now(), 1",
                             "'ada', gen_random_uuid(), 'x', NULL, false, 4, NULL, NULL, now(), now(), 1",
                             "'ada', gen_random_uuid(), 'x', NULL, false, 2, '10000-01-01', NULL, now(), now(), 1",
                             "'ada', gen_random_uuid(), 'x', NULL, true, 2, NULL, NULL, now(), now(), 1",
                             "'ada', gen_random_uuid(), 'x', NULL, false, 2, NULL, now(), now(), now(), 1"}) {
    EXPECT_FALSE(insert(values).ok()) << values;
  }
}

}  // namespace
}  // namespace todo::testing
