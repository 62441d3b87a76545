// What goes wrong between the service and PostgreSQL, made to go wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/todo/call_results.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/postgres_cluster.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

constexpr char kUnknownId[] = "0190b1a8-6f5e-7cc3-9d0a-000000000000";

// The service's own connections, without the readiness probe's.
constexpr char kPoolBackends[] =
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'todo-service' "
    "AND query NOT LIKE '%schema_migrations%'";

// Stops a process for the length of a scope.
class Stopped {
 public:
  explicit Stopped(pid_t pid) : pid_(pid) { kill(pid_, SIGSTOP); }
  ~Stopped() { kill(pid_, SIGCONT); }

 private:
  const pid_t pid_;
};

class Stopwatch {
 public:
  absl::Duration Elapsed() const { return absl::Now() - start_; }

 private:
  const absl::Time start_ = absl::Now();
};

grpc::Status TryCreate(RunningTodo& todo, const std::string& title = "Buy milk",
                       absl::Duration timeout = absl::Seconds(20)) {
  v1::CreateTaskRequest request;
  request.set_user_id("ada");
  request.mutable_task()->set_title(title);
  v1::CreateTaskResponse response;
  return todo.Call(&Stub::CreateTask, "ada", request, &response, timeout);
}

void ExpectUnavailable(const grpc::Status& status) {
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE) << status.error_message();
  EXPECT_EQ(ReasonOf(status), "todo.v1/DATABASE_UNAVAILABLE");
}

TEST(DatabaseFaults, AFullPoolRefusesAtAQuarterOfASecond) {
  RunningTodo todo({.pool_size = 2});
  const auto blocker = todo.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
  std::vector<std::thread> stuck;
  for (int i = 0; i < 2; ++i) {
    stuck.emplace_back([&todo] { EXPECT_EQ(TryCreate(todo).error_code(), grpc::DEADLINE_EXCEEDED); });
  }
  ASSERT_TRUE(Eventually([&] {
    return todo.database().Value(
               "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'todo.tasks'::regclass") == "2";
  }));
  const Stopwatch stopwatch;
  ExpectUnavailable(todo.Get("ada", kUnknownId));
  EXPECT_GE(stopwatch.Elapsed(), absl::Milliseconds(250));
  EXPECT_LT(stopwatch.Elapsed(), absl::Milliseconds(1200));
  for (std::thread& thread : stuck) thread.join();
  ASSERT_TRUE(blocker->RunScript("ROLLBACK").ok());
  EXPECT_TRUE(TryCreate(todo).ok());
}

TEST(DatabaseFaults, AConnectionKilledBetweenCallsIsNoticedBeforeItIsUsed) {
  RunningTodo todo({.pool_size = 1});
  for (int round = 0; round < 5; ++round) {
    todo.Create("ada", "Buy milk");
    todo.database().Value("SELECT count(pg_terminate_backend(pid, 5000)) FROM (" + std::string(kPoolBackends) +
                          ") AS p");
  }
  EXPECT_EQ(todo.Metrics("ada").total(), 5);
}

// Ends the one connection that waits for the lock which `blocker` holds on the tasks, and then lets go of the lock.
void KillWhoeverWaits(RunningTodo& todo, DatabaseConnection& blocker) {
  EXPECT_TRUE(Eventually([&] {
    return todo.database().Value(
               "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks WHERE NOT granted AND "
               "relation = 'todo.tasks'::regclass") == "1";
  }));
  EXPECT_TRUE(blocker.RunScript("ROLLBACK").ok());
}

TEST(DatabaseFaults, ACreateWhoseConnectionIsKilledUnderItIsDoneOnce) {
  RunningTodo todo({.pool_size = 1});
  todo.Create("ada", "Buy milk");
  const auto blocker = todo.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
  std::thread killer([&] { KillWhoeverWaits(todo, *blocker); });
  const grpc::Status status = TryCreate(todo);
  killer.join();
  // It ran again with the id that the task was to have.
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(todo.Metrics("ada").total(), 2);
}

TEST(DatabaseFaults, AToggleWhoseConnectionIsKilledUnderItIsNotRunAgainUnlessItHasAKey) {
  RunningTodo todo({.pool_size = 1});
  v1::ToggleTaskRequest request;
  request.set_user_id("ada");
  request.set_task_id(todo.Create("ada", "Buy milk").id());
  v1::ToggleTaskResponse response;
  const auto toggle_and_kill = [&] {
    const auto blocker = todo.database().Connect();
    EXPECT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
    std::thread killer([&] { KillWhoeverWaits(todo, *blocker); });
    const grpc::Status status = todo.Call(&Stub::ToggleTask, "ada", request, &response);
    killer.join();
    return status;
  };
  const grpc::Status status = toggle_and_kill();
  // PostgreSQL said that it gave up, or the connection just ended: nothing written, or not known.
  EXPECT_TRUE(status.error_code() == grpc::UNAVAILABLE || status.error_code() == grpc::DEADLINE_EXCEEDED)
      << status.error_code() << status.error_message();
  EXPECT_EQ(todo.Metrics("ada").pending(), 1);
  request.set_idempotency_key("once");
  EXPECT_TRUE(toggle_and_kill().ok());
  EXPECT_TRUE(response.task().is_completed());
  EXPECT_EQ(todo.Metrics("ada").completed(), 1);
}

TEST(DatabaseFaults, AReadWhoseConnectionIsKilledUnderItRunsAgain) {
  RunningTodo todo({.pool_size = 1});
  const v1::Task task = todo.Create("ada", "Buy milk");
  const auto blocker = todo.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
  std::thread killer([&] { KillWhoeverWaits(todo, *blocker); });
  const grpc::Status status = todo.Get("ada", task.id());
  killer.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(DatabaseFaults, AStalledServerProcessEndsTheCallAtItsDeadlineAndFreesTheSlot) {
  RunningTodo todo({.pool_size = 1});
  todo.Create("ada", "Buy milk");
  const pid_t backend = std::stoi(todo.database().Value(kPoolBackends));
  const Stopped stopped(backend);
  const Stopwatch stopwatch;
  EXPECT_EQ(TryCreate(todo, "Stalled").error_code(), grpc::DEADLINE_EXCEEDED);
  EXPECT_GE(stopwatch.Elapsed(), absl::Milliseconds(1900));
  EXPECT_LT(stopwatch.Elapsed(), absl::Milliseconds(3500));
  // The process is still stopped; the slot has a new connection.
  EXPECT_TRUE(TryCreate(todo, "After").ok());
}

TEST(DatabaseFaults, TheCallersOwnDeadlineHoldsWhereItIsShorter) {
  RunningTodo todo({.pool_size = 1});
  todo.Create("ada", "Buy milk");
  const Stopped stopped(std::stoi(todo.database().Value(kPoolBackends)));
  const Stopwatch stopwatch;
  EXPECT_EQ(TryCreate(todo, "Stalled", absl::Milliseconds(300)).error_code(), grpc::DEADLINE_EXCEEDED);
  // The slot is free again long before the 2 s that a call may take.
  EXPECT_TRUE(Eventually([&] { return TryCreate(todo, "After").ok(); }));
  EXPECT_LT(stopwatch.Elapsed(), absl::Milliseconds(1500));
}

TEST(DatabaseFaults, AReadOnlyDatabaseRefusesWritesAndAnswersReads) {
  RunningTodo todo;
  const v1::Task task = todo.Create("ada", "Buy milk");
  todo.database().Execute("ALTER DATABASE " + todo.database().name() + " SET default_transaction_read_only = on");
  todo.database().Value("SELECT count(pg_terminate_backend(pid, 5000)) FROM (" + std::string(kPoolBackends) + ") AS p");
  ExpectUnavailable(TryCreate(todo));
  EXPECT_TRUE(todo.Get("ada", task.id()).ok());
  todo.database().Execute("SET default_transaction_read_only = off; ALTER DATABASE " + todo.database().name() +
                          " RESET default_transaction_read_only");
  // Connections that had the error are gone, those that had not still are read-only.
  EXPECT_TRUE(Eventually([&] { return TryCreate(todo).ok(); }));
}

// Makes the first `failures` inserts lose against a made-up concurrent transaction.
void LoseInserts(TestDatabase& database, int failures) {
  database.Execute(
      absl::StrCat("CREATE SEQUENCE todo.tries; CREATE FUNCTION todo.lose() RETURNS trigger LANGUAGE plpgsql "
                   "AS $$ BEGIN IF nextval('todo.tries') <= ",
                   failures,
                   " THEN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$; "
                   "CREATE TRIGGER lose BEFORE INSERT ON todo.tasks FOR EACH ROW EXECUTE FUNCTION "
                   "todo.lose()"));
}

TEST(DatabaseFaults, AWriteThatLosesAgainstOthersIsTriedThreeTimes) {
  RunningTodo todo;
  LoseInserts(todo.database(), 5);
  ExpectUnavailable(TryCreate(todo));
  EXPECT_TRUE(TryCreate(todo).ok());
  EXPECT_EQ(todo.database().Value("SELECT last_value FROM todo.tries"), "6");
  EXPECT_EQ(todo.Metrics("ada").total(), 1);
}

TEST(DatabaseFaults, AStatementThatAPoolerLostIsRunUnprepared) {
  RunningTodo todo({.pool_size = 1});
  const v1::Task task = todo.Create("ada", "Buy milk");
  ASSERT_TRUE(todo.Get("ada", task.id()).ok());
  // What PgBouncer before 1.21 does in effect: the session has the connection, but not its statements.
  todo.database().Execute(R"(
    CREATE FUNCTION todo.forget() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN DEALLOCATE ALL; RETURN NULL; END $$;
    CREATE TRIGGER forget AFTER INSERT ON todo.tasks FOR EACH STATEMENT EXECUTE FUNCTION todo.forget())");
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(TryCreate(todo).ok());
    EXPECT_TRUE(todo.Get("ada", task.id()).ok());
  }
  EXPECT_EQ(todo.Metrics("ada").total(), 4);
}

TEST(DatabaseFaults, AServerThatStopsIsUnavailableAndComesBack) {
  PostgresCluster cluster;
  RunningTodo todo({.server_url = cluster.url()});
  ASSERT_TRUE(Eventually([&] { return todo.IsServing(); }));
  const v1::Task task = todo.Create("ada", "Buy milk");
  for (int round = 0; round < 2; ++round) {
    cluster.Stop();
    ExpectUnavailable(todo.Get("ada", task.id()));
    ExpectUnavailable(TryCreate(todo));
    EXPECT_TRUE(Eventually([&] { return !todo.IsServing(); }));
    cluster.Start();
    const Stopwatch stopwatch;
    EXPECT_TRUE(Eventually([&] { return TryCreate(todo).ok(); }));
    EXPECT_TRUE(Eventually([&] { return todo.IsServing(); }));
    EXPECT_LT(stopwatch.Elapsed(), absl::Seconds(4));
  }
  EXPECT_EQ(todo.Metrics("ada").total(), 3);
}

}  // namespace
}  // namespace todo::testing
