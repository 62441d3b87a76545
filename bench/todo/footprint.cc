// What a user and a call take of a database: rows, indexes, write-ahead log, and the time of PostgreSQL's processes.
#include "bench/todo/sections.h"

#include <atomic>
#include <functional>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "bench/todo/measured_service.h"

namespace todo::bench {
namespace {

constexpr int kUsers = 2000;
constexpr int kTasksEach = 100;
constexpr int kCallers = 8;
constexpr absl::Duration kEach = absl::Seconds(4);

std::string UserOf(int number) { return absl::StrCat("vGq2xWcVZ5tCjTzT", 1000000000000000 + number); }

double Number(TestDatabase& database, const std::string& sql) {
  double value = 0;
  (void)absl::SimpleAtod(database.Value(sql), &value);
  return value;
}

// Users with a hundred tasks each: a title of 28 characters, a description of 120 for one in four, a due date for every
// second, a tag for every third, one in five completed.
void MakeUsers(TestDatabase& database) {
  std::fprintf(stderr, "todo: %d users with %d tasks each\n", kUsers, kTasksEach);
  database.Execute(absl::StrCat(R"(
    INSERT INTO todo.tasks (position, user_id, id, title, description, is_completed, priority, due_date, tags, completed_at,
      created_at, updated_at, revision)
    SELECT todo.last_position(i), 'vGq2xWcVZ5tCjTzT' || (1000000000000000 + u), gen_random_uuid(),
      'Buy milk and bread, ' || lpad((u * i)::text, 8, '0'), CASE WHEN i % 4 = 0 THEN repeat('two litres, ', 10) END,
      i % 5 = 0, i % 3 + 1, CASE WHEN i % 2 = 0 THEN DATE '2026-01-01' + (u + i) % 365 END,
      CASE WHEN i % 3 = 0 THEN ARRAY['tag ' || i % 7] ELSE '{}' END, CASE WHEN i % 5 = 0 THEN now() END,
      now() - (u + i) * INTERVAL '1 minute', now(), i
    FROM generate_series(1, )",
                                kTasksEach, ") AS i, generate_series(1, ", kUsers, R"() AS u;
    INSERT INTO todo.user_counters (user_id, last_change, pending_high, pending_medium, pending_low, completed_high,
      completed_medium, completed_low)
    SELECT user_id, max(revision), count(*) FILTER (WHERE NOT is_completed AND priority = 1),
      count(*) FILTER (WHERE NOT is_completed AND priority = 2), count(*) FILTER (WHERE NOT is_completed AND priority = 3),
      count(*) FILTER (WHERE is_completed AND priority = 1), count(*) FILTER (WHERE is_completed AND priority = 2),
      count(*) FILTER (WHERE is_completed AND priority = 3)
    FROM todo.tasks GROUP BY user_id;
    INSERT INTO todo.user_tags SELECT user_id, unnest(tags), count(*) FROM todo.tasks GROUP BY 1, 2)"));
  database.Execute("VACUUM ANALYZE");
}

void PrintSizes(TestDatabase& database) {
  constexpr double kTasks = kUsers * kTasksEach;
  const auto bytes = [&](const std::string& relation) {
    return Number(database, "SELECT pg_relation_size('todo." + relation + "')");
  };
  std::printf("| bytes on disk | a task | a user |\n| --- | --- | --- |\n");
  std::printf("| `tasks`, the rows | %.0f | |\n", bytes("tasks") / kTasks);
  double indexes = 0;
  for (const char* index : {"tasks_pkey", "tasks_by_change", "tasks_by_creation", "tasks_by_due_date",
                            "tasks_by_priority", "tasks_by_title", "tasks_by_position"}) {
    std::printf("| `%s` | %.0f | |\n", index, bytes(index) / kTasks);
    indexes += bytes(index) / kTasks;
  }
  std::printf("| its indexes together | %.0f | |\n| `user_counters` with its index | | %.0f |\n", indexes,
              Number(database, "SELECT pg_total_relation_size('todo.user_counters')") / kUsers);
  std::printf("| `user_tags` with its index | | %.0f |\n",
              Number(database, "SELECT pg_total_relation_size('todo.user_tags')") / kUsers);
  std::printf("| all of it, %d tasks a user | %.0f | %.0f |\n", kTasksEach,
              Number(database, "SELECT pg_database_size(current_database())") / kTasks,
              Number(database, "SELECT pg_database_size(current_database())") / kUsers);
}

// What the service's own connections have spent in PostgreSQL.
double BackendSeconds(TestDatabase& database) {
  double seconds = 0;
  const std::string pids = database.Lines(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'todo-service'");
  for (const absl::string_view pid : absl::StrSplit(pids, '\n', absl::SkipEmpty())) {
    int number = 0;
    if (absl::SimpleAtoi(pid, &number)) seconds += CpuSecondsOf(number);
  }
  return seconds;
}

struct Cost {
  double rate = 0;
  double service_us = 0;
  double database_us = 0;
  double log_bytes = 0;
};

using OneCall = std::function<void(v1::TaskService::Stub& stub, const std::string& user, int count)>;

Cost Measure(TestDatabase& database, const MeasuredService& service, const OneCall& call) {
  std::atomic<int> calls = 0;
  const auto run = [&](absl::Time end) {
    std::vector<std::thread> callers;
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back([&, caller] {
        const auto stub = v1::TaskService::NewStub(service.NewChannel());
        for (int i = 0; absl::Now() < end; ++i, ++calls) call(*stub, UserOf(1 + (caller + i * kCallers) % kUsers), i);
      });
    }
    for (std::thread& caller : callers) caller.join();
  };
  // Connections, statements and tokens are there by then.
  run(absl::Now() + absl::Seconds(1));
  calls = 0;
  const double before = BackendSeconds(database), service_before = service.CpuSeconds();
  database.Execute("CREATE TEMPORARY TABLE IF NOT EXISTS log_position (at pg_lsn)");
  database.Execute("TRUNCATE log_position; INSERT INTO log_position SELECT pg_current_wal_insert_lsn()");
  run(absl::Now() + kEach);
  const double count = calls;
  return {count / Seconds(kEach), (service.CpuSeconds() - service_before) / count * 1e6,
          (BackendSeconds(database) - before) / count * 1e6,
          Number(database, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), at) FROM log_position") / count};
}

// The ids of each user's first task, by user.
std::map<std::string, std::string> FirstTasks(TestDatabase& database) {
  std::map<std::string, std::string> tasks;
  const std::string lines = database.Lines("SELECT user_id || ' ' || id FROM todo.tasks WHERE revision = 1");
  for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    tasks[words[0]] = words[1];
  }
  return tasks;
}

}  // namespace

void MeasureFootprint(const FakeVerifier& verifier) {
  TestDatabase database;
  MakeUsers(database);
  std::printf(
      "### What a user and a call take\n\n%d users with %d tasks each; a due date for every second task, a tag for "
      "every third, a description for every fourth.\n\n",
      kUsers, kTasksEach);
  PrintSizes(database);
  const MeasuredService service(database, verifier);
  const auto tasks = FirstTasks(database);
  const std::pair<const char*, OneCall> calls[] = {
      {"list, a page of 20",
       [](v1::TaskService::Stub& stub, const std::string& user, int) {
         v1::ListTasksRequest request;
         request.set_page_size(20);
         Call<v1::ListTasksRequest, v1::ListTasksResponse>(stub, &v1::TaskService::Stub::ListTasks, user, request);
       }},
      {"get",
       [&](v1::TaskService::Stub& stub, const std::string& user, int) {
         v1::GetTaskRequest request;
         request.set_task_id(tasks.at(user));
         Call<v1::GetTaskRequest, v1::GetTaskResponse>(stub, &v1::TaskService::Stub::GetTask, user, request);
       }},
      {"metrics",
       [](v1::TaskService::Stub& stub, const std::string& user, int) {
         Call<v1::GetTaskMetricsRequest, v1::GetTaskMetricsResponse>(stub, &v1::TaskService::Stub::GetTaskMetrics, user,
                                                                     v1::GetTaskMetricsRequest());
       }},
      {"create",
       [](v1::TaskService::Stub& stub, const std::string& user, int) {
         v1::CreateTaskRequest request;
         request.mutable_task()->set_title("Buy milk and bread, 00000001");
         Call<v1::CreateTaskRequest, v1::CreateTaskResponse>(stub, &v1::TaskService::Stub::CreateTask, user, request);
       }},
      {"update of a title",
       [&](v1::TaskService::Stub& stub, const std::string& user, int count) {
         v1::UpdateTaskRequest request;
         request.set_task_id(tasks.at(user));
         request.mutable_task()->set_title(absl::StrCat("Buy milk and bread, ", 10000000 + count));
         Call<v1::UpdateTaskRequest, v1::UpdateTaskResponse>(stub, &v1::TaskService::Stub::UpdateTask, user, request);
       }},
      {"toggle", [&](v1::TaskService::Stub& stub, const std::string& user, int) {
         v1::ToggleTaskRequest request;
         request.set_task_id(tasks.at(user));
         Call<v1::ToggleTaskRequest, v1::ToggleTaskResponse>(stub, &v1::TaskService::Stub::ToggleTask, user, request);
       }}};
  std::printf(
      "\n%d callers over gRPC, %.0f s a row; CPU is user and system time, PostgreSQL's that of the service's "
      "connections (its writers of log and pages not counted); every commit is flushed.\n\n"
      "| call | a second | CPU of todo-service | CPU of PostgreSQL | write-ahead log |\n"
      "| --- | --- | --- | --- | --- |\n",
      kCallers, Seconds(kEach));
  for (const auto& [name, call] : calls) {
    std::fprintf(stderr, "todo: %s\n", name);
    const Cost cost = Measure(database, service, call);
    std::printf("| %s | %.0f | %.0f µs | %.0f µs | %.0f B |\n", name, cost.rate, cost.service_us, cost.database_us,
                cost.log_bytes);
  }
}

}  // namespace todo::bench
