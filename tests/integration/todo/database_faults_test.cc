// What goes wrong between the service and PostgreSQL, made to go wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/todo/call_results.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/pgbouncer.h"
#include "tests/support/todo/postgres_cluster.h"
#include "tests/support/todo/running_todo.h"
#include "tests/support/todo/test_database.h"

namespace todo::testing {
namespace {

constexpr char kUnknownId[] = "0190b1a8-6f5e-7cc3-9d0a-000000000000";

// The service's own connections, without the readiness probe's.
constexpr char kPoolBackends[] =
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'todo-service' "
    "AND query NOT LIKE '%schema_migrations%'";

// The one connection of a pool of one, once nothing is under way on it: other replicas are told of a write a little
// later, on the same connection. The first time that is prepared before it is run, and the connection idle in between;
// the second time it is only run.
pid_t QuietBackend(RunningTodo& todo) {
  std::string pid;
  for (const char* title : {"Prepares", "Runs"}) {
    todo.Create("eve", title);
    EXPECT_TRUE(Eventually([&] {
      pid =
          todo.database().Value(absl::StrCat("SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE state = 'idle' ",
                                             "AND query LIKE '%pg_notify%' AND pid IN (", kPoolBackends, ")"));
      return pid != "0";
    }));
  }
  return std::stoi(pid);
}

// Stops a process for the length of a scope.
class Stopped {
 public:
  explicit Stopped(pid_t pid) : pid_(pid) {
    // 0 would be this process and all that were started with it.
    if (pid_ <= 0) std::abort();
    kill(pid_, SIGSTOP);
  }
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
                       absl::Duration timeout = absl::Seconds(20), const std::string& user = "ada") {
  v1::CreateTaskRequest request;
  request.set_user_id(user);
  request.mutable_task()->set_title(title);
  v1::CreateTaskResponse response;
  return todo.Call(&Stub::CreateTask, user, request, &response, timeout);
}

void ExpectUnavailable(const grpc::Status& status) {
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE) << status.error_message();
  EXPECT_EQ(ReasonOf(status), "todo.v1/DATABASE_UNAVAILABLE");
}

// Nothing was written, or whether anything was is not known: which of the two depends on how far a call had come.
bool IsAway(const grpc::Status& status) {
  return status.error_code() == grpc::UNAVAILABLE || status.error_code() == grpc::DEADLINE_EXCEEDED;
}

TEST(DatabaseFaults, ABrokenConstraintIsNamedAndWhatAUserWroteIsNotQuoted) {
  TestDatabase database;
  const auto connection = database.Connect();
  ASSERT_TRUE(connection
                  ->RunScript("CREATE TABLE diary (day date NOT NULL, line text CONSTRAINT diary_line_is_short CHECK "
                              "(char_length(line) < 9))")
                  .ok());
  const std::string secret = R"(dear constraint "diary")";
  const auto message_of = [&](const char* sql) {
    return std::string(connection->RunOnce(Statement(sql), {secret}).status().message());
  };
  EXPECT_EQ(message_of("INSERT INTO diary VALUES ('2026-01-01', $1)"),
            "SQLSTATE 23514 (constraint diary_line_is_short)");
  EXPECT_EQ(message_of("INSERT INTO diary VALUES (NULL, $1)"), "SQLSTATE 23502");
  EXPECT_EQ(message_of("SELECT $1::text::uuid"), "SQLSTATE 22P02");
}

TEST(DatabaseFaults, AFullPoolRefusesAtAQuarterOfASecond) {
  RunningTodo todo({.pool_size = 2});
  const auto blocker = todo.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
  std::vector<std::thread> stuck;
  for (const char* user : {"ada", "bob"}) {
    stuck.emplace_back([&todo, user] {
      EXPECT_EQ(TryCreate(todo, "Stuck", absl::Seconds(20), user).error_code(), grpc::DEADLINE_EXCEEDED);
    });
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

TEST(DatabaseFaults, OneUserCannotKeepTheOthersOut) {
  RunningTodo todo({.pool_size = 4});
  todo.Create("ada", "Buy milk");
  todo.Create("bob", "Buy bread");
  const auto blocker = todo.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; SELECT FROM todo.user_counters WHERE user_id = 'ada' FOR UPDATE").ok());
  std::vector<std::thread> stuck;
  for (int i = 0; i < 8; ++i) stuck.emplace_back([&todo] { EXPECT_FALSE(TryCreate(todo).ok()); });
  ASSERT_TRUE(Eventually([&] {
    return todo.database().Value(
               "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = "
               "'Lock'") == "2";
  }));
  EXPECT_TRUE(TryCreate(todo, "Buy butter", absl::Seconds(20), "bob").ok());
  for (std::thread& thread : stuck) thread.join();
}

TEST(DatabaseFaults, AStatementThatWasGivenUpEndsThoughNobodyLetsItGoOn) {
  RunningTodo todo({.pool_size = 2});
  todo.Create("ada", "Buy milk");
  const auto blocker = todo.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
  EXPECT_EQ(TryCreate(todo).error_code(), grpc::DEADLINE_EXCEEDED);
  // The lock is still held: without being told, PostgreSQL would wait for it and then write.
  EXPECT_TRUE(Eventually([&] {
    return todo.database().Value(
               "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'todo.tasks'::regclass") == "0";
  }));
  ASSERT_TRUE(blocker->RunScript("ROLLBACK").ok());
  EXPECT_EQ(todo.Metrics("ada").total(), 1);
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
  // PostgreSQL said that it gave up, or the connection just ended.
  EXPECT_TRUE(IsAway(status)) << status.error_code() << status.error_message();
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
  const Stopped stopped(QuietBackend(todo));
  const Stopwatch stopwatch;
  EXPECT_EQ(TryCreate(todo, "Stalled").error_code(), grpc::DEADLINE_EXCEEDED);
  EXPECT_GE(stopwatch.Elapsed(), absl::Milliseconds(1900));
  EXPECT_LT(stopwatch.Elapsed(), absl::Milliseconds(3500));
  // The process is still stopped; the slot has a new connection.
  EXPECT_TRUE(TryCreate(todo, "After").ok());
}

// How long a pool of one connection is taken up by a call whose caller waits no longer than 300 ms.
absl::Duration TakenUpByAnImpatientCaller() {
  RunningTodo todo({.pool_size = 1});
  const Stopped stopped(QuietBackend(todo));
  const Stopwatch stopwatch;
  const grpc::Status status = TryCreate(todo, "Stalled", absl::Milliseconds(300));
  // The machine had no time to begin with it.
  if (status.error_code() == grpc::UNAVAILABLE) return absl::InfiniteDuration();
  EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED) << status.error_message();
  EXPECT_TRUE(Eventually([&] { return TryCreate(todo, "After").ok(); }));
  return stopwatch.Elapsed();
}

TEST(DatabaseFaults, TheCallersOwnDeadlineHoldsWhereItIsShorter) {
  // Were it not for the caller's deadline it would be 2 s each time; a busy machine may be slow some of the times.
  absl::Duration shortest = absl::InfiniteDuration();
  for (int tries = 0; tries < 10 && shortest > absl::Milliseconds(1500); ++tries) {
    shortest = std::min(shortest, TakenUpByAnImpatientCaller());
  }
  EXPECT_LT(shortest, absl::Milliseconds(1500));
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
                   "SECURITY DEFINER AS $$ BEGIN IF nextval('todo.tries') <= ",
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

// A file system of a few megabytes that is full for as long as this says so. Only root may mount one.
class SmallDisk {
 public:
  SmallDisk() {
    char folder[] = "/tmp/todo-disk.XXXXXX";
    if (mkdtemp(folder) == nullptr) std::abort();
    folder_ = folder;
    is_mounted_ = mount("tmpfs", folder, "tmpfs", 0, "size=8m,mode=0777") == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) umount(folder_.c_str());
    rmdir(folder_.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }
  // A place on it that PostgreSQL, whoever runs it, can write to.
  std::string MakeFolder() const {
    const std::string place = folder_ + "/space";
    const int done =
        std::system(absl::StrCat("mkdir -m 0777 ", place,
                                 " && if getent passwd postgres >/dev/null; then chown postgres ", place, "; fi")
                        .c_str());
    EXPECT_EQ(done, 0);
    return place;
  }
  void Fill() const {
    std::ofstream filler(folder_ + "/filler");
    const std::string block(4096, 'x');
    while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void MakeRoom() const { unlink((folder_ + "/filler").c_str()); }

 private:
  std::string folder_;
  bool is_mounted_ = false;
};

TEST(DatabaseFaults, AFullDiskRefusesWritesAndAnswersReads) {
  const SmallDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "only root can make a disk that is full";
  PostgresCluster cluster;
  RunningTodo todo({.server_url = cluster.url()});
  const v1::Task task = todo.Create("ada", "Buy milk");
  // CREATE TABLESPACE is the one statement that must be alone in its message.
  todo.database().Execute(absl::StrCat("CREATE TABLESPACE small LOCATION '", disk.MakeFolder(), "'"));
  todo.database().Execute("ALTER TABLE todo.tasks SET TABLESPACE small");
  disk.Fill();
  int created = 1;
  grpc::Status status;
  while ((status = TryCreate(todo, std::string(255, 'x'))).ok() && created < 10000) ++created;
  ExpectUnavailable(status);
  EXPECT_TRUE(todo.Get("ada", task.id()).ok());
  EXPECT_EQ(todo.Metrics("ada").total(), created);
  EXPECT_TRUE(todo.IsServing());
  disk.MakeRoom();
  EXPECT_TRUE(Eventually([&] { return TryCreate(todo).ok(); }));
  todo.database().Execute("ALTER TABLE todo.tasks SET TABLESPACE pg_default");
  todo.database().Execute("DROP TABLESPACE small");
}

TEST(DatabaseFaults, AServerThatStallsEndsCallsAtTheirDeadlineAndComesBack) {
  PostgresCluster cluster;
  RunningTodo todo({.server_url = cluster.url()});
  ASSERT_TRUE(Eventually([&] { return todo.IsServing(); }));
  const v1::Task task = todo.Create("ada", "Buy milk");
  cluster.Stall();
  const Stopwatch stopwatch;
  EXPECT_EQ(todo.Get("ada", task.id()).error_code(), grpc::DEADLINE_EXCEEDED);
  EXPECT_LT(stopwatch.Elapsed(), absl::Milliseconds(3500));
  // It waits for an answer, or for a connection.
  EXPECT_TRUE(IsAway(TryCreate(todo, "Stalled", absl::Milliseconds(500))));
  EXPECT_TRUE(Eventually([&] { return !todo.IsServing(); }));
  cluster.Resume();
  const Stopwatch recovery;
  EXPECT_TRUE(Eventually([&] { return TryCreate(todo).ok(); }));
  EXPECT_TRUE(Eventually([&] { return todo.IsServing(); }));
  EXPECT_LT(recovery.Elapsed(), absl::Seconds(4));
}

TEST(DatabaseFaults, AServerThatStopsBehindPgBouncerIsAwayAndComesBack) {
  PostgresCluster cluster;
  PgBouncer pooler(cluster);
  RunningTodo todo({.server_url = cluster.url(), .pooler_url = pooler.url()});
  ASSERT_TRUE(Eventually([&] { return todo.IsServing(); }));
  const v1::Task task = todo.Create("ada", "Buy milk");
  for (const bool is_killed : {false, true}) {
    is_killed ? cluster.Kill() : cluster.Stop();
    grpc::Status status = todo.Get("ada", task.id());
    EXPECT_TRUE(IsAway(status)) << status.error_code() << " " << status.error_message();
    status = TryCreate(todo);
    EXPECT_TRUE(IsAway(status)) << status.error_code() << " " << status.error_message();
    EXPECT_TRUE(Eventually([&] { return !todo.IsServing(); }));
    cluster.Start();
    const Stopwatch stopwatch;
    EXPECT_TRUE(Eventually([&] { return TryCreate(todo).ok(); }));
    EXPECT_TRUE(Eventually([&] { return todo.IsServing(); }));
    EXPECT_LT(stopwatch.Elapsed(), absl::Seconds(4));
  }
  EXPECT_EQ(todo.Metrics("ada").total(), 3);
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
