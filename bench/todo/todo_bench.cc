// The todo service's figures: pages of short and long lists, creates beside pgbench, and open streams. Prints Markdown
// to standard output and its progress to standard error.
#include <grpcpp/grpcpp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "services/todo/task_statements.h"
#include "tests/support/todo/fake_verifier.h"
#include "tests/support/todo/test_database.h"
#include "todo/v1/task_service.grpc.pb.h"

namespace todo::testing {
namespace {

constexpr int kRounds = 5;
constexpr int kLongList = 1000000;
constexpr int kPage = 20;

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

double Percentile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(part * static_cast<double>(values.size())))];
}

double Seconds(absl::Duration duration) { return absl::ToDoubleSeconds(duration); }

// Ends the benchmark, and the service that it started: nothing here cleans up after itself on the way.
pid_t started_service = 0;
[[noreturn]] void GiveUp(const std::string& why) {
  std::fprintf(stderr, "todo: %s\n", why.c_str());
  if (started_service != 0) kill(started_service, SIGKILL);
  std::_Exit(1);
}

// todo-service as an operator runs it.
class Service {
 public:
  Service(const TestDatabase& database, const FakeVerifier& verifier) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    std::vector<std::string> variables = {"NEON_DATABASE_URL=" + database.url(),
                                          "NEON_DATABASE_DIRECT_URL=" + database.url(),
                                          "VERIFIER_ADDRESS=" + verifier.address(), "TODO_PORT=0", "USER_RATE=0"};
    std::vector<char*> environment;
    for (std::string& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    std::string path = TODO_SERVICE_PATH;
    std::array<char*, 2> arguments = {path.data(), nullptr};
    if (posix_spawn(&pid_, path.c_str(), &actions, nullptr, arguments.data(), environment.data()) != 0) std::abort();
    started_service = pid_;
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
    ReadPort();
    drain_ = std::thread([this] {
      char line[4096];
      while (fgets(line, sizeof line, output_) != nullptr) {
      }
    });
  }

  ~Service() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
    started_service = 0;
    drain_.join();
    fclose(output_);
  }

  std::shared_ptr<grpc::Channel> NewChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port_), grpc::InsecureChannelCredentials(), arguments);
  }

  int64_t ResidentKiB() const {
    std::ifstream status(absl::StrCat("/proc/", pid_, "/status"));
    std::string word;
    int64_t kib = 0;
    while (status >> word) {
      if (word == "VmRSS:") status >> kib;
    }
    return kib;
  }

  double CpuSeconds() const {
    std::ifstream stat(absl::StrCat("/proc/", pid_, "/stat"));
    std::string text;
    std::getline(stat, text);
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string field;
    double ticks = 0;
    for (int i = 3; i <= 15 && fields >> field; ++i) {
      if (i >= 14) ticks += std::stod(field);
    }
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

 private:
  void ReadPort() {
    char line[4096];
    while (fgets(line, sizeof line, output_) != nullptr) {
      const std::string text = line;
      const size_t port = text.find("\"port\":");
      if (port != std::string::npos) port_ = std::stoi(text.substr(port + 7));
      if (text.find("\"event\":\"ready\"") != std::string::npos) return;
    }
    GiveUp("todo-service did not start");
  }

  pid_t pid_ = 0;
  int port_ = 0;
  FILE* output_ = nullptr;
  std::thread drain_;
};

template <typename Request, typename Response, typename Method>
Response Call(v1::TaskService::Stub& stub, Method method, const std::string& user, Request request) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer token-of-" + user);
  request.set_user_id(user);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) {
    GiveUp("a call failed: " + status.error_message());
  }
  return response;
}

// ---- Pages

void MakeTasks(TestDatabase& database, const std::string& user, int count) {
  std::fprintf(stderr, "todo: %d tasks for one user\n", count);
  database.Execute(
      absl::StrCat(R"(
    INSERT INTO todo.tasks (position, user_id, id, title, is_completed, priority, due_date, completed_at, created_at, updated_at,
      revision)
    SELECT todo.last_position(i), ')",
                   user, R"(', gen_random_uuid(), 'Task ' || i, i % 3 = 0, i % 3 + 1, DATE '2024-01-01' + i % 1000,
      CASE WHEN i % 3 = 0 THEN now() END, now() - i * INTERVAL '1 second', now(), i
    FROM generate_series(1, )",
                   count, R"() AS i;
    INSERT INTO todo.user_counters (user_id, last_change, pending_high, pending_medium, pending_low, completed_high,
      completed_medium, completed_low)
    SELECT user_id, max(revision), count(*) FILTER (WHERE NOT is_completed AND priority = 1),
      count(*) FILTER (WHERE NOT is_completed AND priority = 2), count(*) FILTER (WHERE NOT is_completed AND priority = 3),
      count(*) FILTER (WHERE is_completed AND priority = 1), count(*) FILTER (WHERE is_completed AND priority = 2),
      count(*) FILTER (WHERE is_completed AND priority = 3)
    FROM todo.tasks WHERE user_id = ')",
                   user, "' GROUP BY user_id"));
}

struct Page {
  const char* name;
  std::string user;
  v1::ListTasksRequest request;
  std::vector<double> medians = {};
};

v1::ListTasksRequest PageAfter(v1::TaskService::Stub& stub, const std::string& user, v1::TaskSortBy sort_by,
                               int pages) {
  v1::ListTasksRequest request;
  request.set_sort_by(sort_by);
  // A token is for every page size, so the way there is short.
  for (int skipped = 0; skipped < pages * kPage;) {
    request.set_page_size(std::min(200, pages * kPage - skipped));
    skipped += request.page_size();
    request.set_page_token(
        Call<v1::ListTasksRequest, v1::ListTasksResponse>(stub, &v1::TaskService::Stub::ListTasks, user, request)
            .next_page_token());
  }
  request.set_page_size(kPage);
  return request;
}

void MeasurePages(TestDatabase& database, const FakeVerifier& verifier) {
  MakeTasks(database, "short", 10);
  MakeTasks(database, "twenty", kPage);
  MakeTasks(database, "long", kLongList);
  database.Execute("VACUUM ANALYZE todo.tasks");
  const Service service(database, verifier);
  const auto stub = v1::TaskService::NewStub(service.NewChannel());
  std::printf(
      "### A page of %d\n\nOne call after the other, the whole call over gRPC; medians of %d alternating rounds of 300 "
      "calls, in µs.\n\n"
      "| order | 10 tasks | 20 tasks | 1,000,000 tasks, page 1 | page 1,000 | page 1 / 20 tasks | page 1,000 / 20 "
      "tasks |\n"
      "| --- | --- | --- | --- | --- | --- | --- |\n",
      kPage, kRounds);
  for (const auto& [sort_by, name] : std::map<v1::TaskSortBy, const char*>{{v1::TASK_SORT_BY_CREATED_AT, "created_at"},
                                                                           {v1::TASK_SORT_BY_DUE_DATE, "due_date"},
                                                                           {v1::TASK_SORT_BY_POSITION, "position"}}) {
    std::fprintf(stderr, "todo: pages by %s\n", name);
    std::vector<Page> pages = {{"10", "short", PageAfter(*stub, "short", sort_by, 0)},
                               {"20", "twenty", PageAfter(*stub, "twenty", sort_by, 0)},
                               {"first", "long", PageAfter(*stub, "long", sort_by, 0)},
                               {"thousandth", "long", PageAfter(*stub, "long", sort_by, 999)}};
    for (int round = 0; round < kRounds; ++round) {
      for (Page& page : pages) {
        std::vector<double> times;
        for (int i = 0; i < 300; ++i) {
          const absl::Time start = absl::Now();
          Call<v1::ListTasksRequest, v1::ListTasksResponse>(*stub, &v1::TaskService::Stub::ListTasks, page.user,
                                                            page.request);
          times.push_back(Seconds(absl::Now() - start) * 1e6);
        }
        page.medians.push_back(Median(times));
      }
    }
    std::array<double, 4> medians;
    for (size_t i = 0; i < 4; ++i) medians[i] = Median(pages[i].medians);
    std::printf("| `%s` | %.0f | %.0f | %.0f | %.0f | %.2f | %.2f |\n", name, medians[0], medians[1], medians[2],
                medians[3], medians[2] / medians[1], medians[3] / medians[1]);
  }
}

// ---- Creates

constexpr int kCallers = 8;
constexpr int kRoundSeconds = 4;

// Creates a second, and what the service's process spent on each, in µs of CPU.
std::pair<double, double> RunCreates(const Service& service) {
  std::atomic<int64_t> created = 0;
  const absl::Time end = absl::Now() + absl::Seconds(kRoundSeconds);
  const double cpu = service.CpuSeconds();
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      const auto stub = v1::TaskService::NewStub(service.NewChannel());
      v1::CreateTaskRequest request;
      request.mutable_task()->set_title("Buy milk");
      for (int i = 0; absl::Now() < end; ++i, ++created) {
        Call<v1::CreateTaskRequest, v1::CreateTaskResponse>(
            *stub, &v1::TaskService::Stub::CreateTask, absl::StrCat("caller-", caller, "-user-", i % 250), request);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  return {static_cast<double>(created) / kRoundSeconds,
          (service.CpuSeconds() - cpu) / static_cast<double>(created) * 1e6};
}

double RunPgbench(const TestDatabase& database, const std::string& script) {
  const std::string path = absl::StrCat("/tmp/todo-bench.", getpid(), ".sql");
  std::ofstream(path) << script;
  const std::string command = absl::StrCat("pgbench -n -M prepared -c ", kCallers, " -j 2 -T ", kRoundSeconds, " -f ",
                                           path, " \"", database.url(), "\" 2>/dev/null");
  FILE* pipe = popen(command.c_str(), "r");
  double tps = 0;
  char line[4096];
  while (fgets(line, sizeof line, pipe) != nullptr) std::sscanf(line, "tps = %lf", &tps);
  pclose(pipe);
  unlink(path.c_str());
  return tps;
}

void MeasureCreates(const FakeVerifier& verifier) {
  TestDatabase database;
  database.Execute("CREATE SEQUENCE todo.changes");
  const Service service(database, verifier);
  // The service's own statement, with its values.
  std::string same = InsertTask().sql;
  const std::vector<std::string> values = {"('pgbench ' || :user)",
                                           "gen_random_uuid()",
                                           "'Buy milk'",
                                           "NULL",
                                           "false",
                                           "2",
                                           "NULL",
                                           "NULL",
                                           "NULL",
                                           "'{}'",
                                           "NULL",
                                           "NULL"};
  for (size_t i = values.size(); i > 0; --i) {
    const std::string placeholder = absl::StrCat("$", i);
    const size_t at = same.find(placeholder);
    same.replace(at, placeholder.size(), values[i - 1]);
  }
  // To pgbench a colon before a letter is a variable, in quotes too.
  same = absl::StrReplaceAll(same, {{"'HH24:MI'", "('HH24' || chr(58) || 'MI')"}});
  same = "\\set user random(1, 2000)\n" + same + ";\n";
  const std::string bare =
      "\\set user random(1, 2000)\nINSERT INTO todo.tasks (user_id, id, title, is_completed, priority, position, "
      "created_at, "
      "updated_at, revision) VALUES ('bare ' || :user, gen_random_uuid(), 'Buy milk', false, 2, 'a0', now(), now(), "
      "nextval('todo.changes')) RETURNING *;\n";
  std::vector<double> service_rates, same_rates, bare_rates, cpu;
  RunCreates(service);
  for (int round = 0; round < kRounds; ++round) {
    std::fprintf(stderr, "todo: creates, round %d of %d\n", round + 1, kRounds);
    const auto [rate, cost] = RunCreates(service);
    service_rates.push_back(rate);
    cpu.push_back(cost);
    same_rates.push_back(RunPgbench(database, same));
    bare_rates.push_back(RunPgbench(database, bare));
  }
  const double rate = Median(service_rates), same_rate = Median(same_rates), bare_rate = Median(bare_rates);
  std::printf(
      "\n### Create\n\n%d callers, 2,000 users, %d s a round, medians of %d alternating rounds; every commit is "
      "flushed.\n\n"
      "| what | a second | the service against it |\n| --- | --- | --- |\n"
      "| the service, over gRPC (%.0f µs of CPU each) | %.0f | |\n"
      "| pgbench, the same statement | %.0f | %.2f |\n"
      "| pgbench, the INSERT alone: no counters, no change numbers | %.0f | %.2f |\n",
      kCallers, kRoundSeconds, kRounds, Median(cpu), rate, same_rate, rate / same_rate, bare_rate, rate / bare_rate);
}

// ---- Streams

constexpr int kStreams = 1000;
constexpr int kStreamsEach = 25;

// Reads all its streams on the threads of gRPC and notes when each message came.
class Watcher : public grpc::ClientReadReactor<v1::WatchTasksResponse> {
 public:
  Watcher(v1::TaskService::Stub& stub, const std::string& user,
          std::function<void(const v1::WatchTasksResponse&)> on_message)
      : on_message_(std::move(on_message)) {
    context_.AddMetadata("authorization", "Bearer token-of-" + user);
    request_.set_user_id(user);
    stub.async()->WatchTasks(&context_, &request_, this);
    StartRead(&message_);
    StartCall();
  }
  ~Watcher() override {
    context_.TryCancel();
    std::unique_lock lock(mutex_);
    while (!is_done_) {
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      lock.lock();
    }
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    on_message_(message_);
    StartRead(&message_);
  }
  void OnDone(const grpc::Status&) override {
    const std::lock_guard lock(mutex_);
    is_done_ = true;
  }

 private:
  const std::function<void(const v1::WatchTasksResponse&)> on_message_;
  grpc::ClientContext context_;
  v1::WatchTasksRequest request_;
  v1::WatchTasksResponse message_;
  std::mutex mutex_;
  bool is_done_ = false;
};

void MeasureStreams(const FakeVerifier& verifier) {
  TestDatabase database;
  const Service service(database, verifier);
  const auto stub = v1::TaskService::NewStub(service.NewChannel());
  // As the gateway does, few connections with many streams each.
  std::vector<std::unique_ptr<v1::TaskService::Stub>> stubs;
  for (int i = 0; i < 4; ++i) stubs.push_back(v1::TaskService::NewStub(service.NewChannel()));
  const auto user_of = [](int stream) { return absl::StrCat("user-", stream / kStreamsEach); };
  v1::CreateTaskRequest request;
  request.mutable_task()->set_title("warm up");
  for (int i = 0; i < 500; ++i) {
    Call<v1::CreateTaskRequest, v1::CreateTaskResponse>(*stub, &v1::TaskService::Stub::CreateTask, user_of(i * 2),
                                                        request);
  }
  std::atomic<int> begun = 0;
  std::atomic<int> delivered = 0;
  std::mutex mutex;
  std::vector<double> delays;
  std::atomic<int64_t> sent_at = 0;
  const int64_t before = service.ResidentKiB();
  std::fprintf(stderr, "todo: opening %d streams\n", kStreams);
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < kStreams; ++i) {
    watchers.push_back(std::make_unique<Watcher>(
        *stubs[static_cast<size_t>(i) % 4], user_of(i), [&](const v1::WatchTasksResponse& message) {
          if (!message.has_task()) {
            ++begun;
            return;
          }
          const double delay = static_cast<double>(absl::GetCurrentTimeNanos() - sent_at) / 1e6;
          const std::lock_guard lock(mutex);
          delays.push_back(delay);
          ++delivered;
        }));
  }
  while (begun < kStreams) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const int64_t open = service.ResidentKiB();
  int expected = 0;
  std::fprintf(stderr, "todo: events to streams\n");
  for (int event = 0; event < 200; ++event) {
    sent_at = absl::GetCurrentTimeNanos();
    Call<v1::CreateTaskRequest, v1::CreateTaskResponse>(*stub, &v1::TaskService::Stub::CreateTask,
                                                        user_of(event * kStreamsEach % kStreams), request);
    expected += kStreamsEach;
    while (delivered < expected) std::this_thread::yield();
  }
  // All at once: one event of each user, to every stream there is.
  std::vector<double> alone = std::exchange(delays, {});
  std::vector<std::thread> creators;
  sent_at = absl::GetCurrentTimeNanos();
  for (int part = 0; part < 4; ++part) {
    creators.emplace_back([&, part] {
      for (int user = part; user < kStreams / kStreamsEach; user += 4) {
        Call<v1::CreateTaskRequest, v1::CreateTaskResponse>(*stubs[static_cast<size_t>(part)],
                                                            &v1::TaskService::Stub::CreateTask,
                                                            absl::StrCat("user-", user), request);
      }
    });
  }
  for (std::thread& creator : creators) creator.join();
  expected += kStreams;
  while (delivered < expected) std::this_thread::yield();
  const int64_t after = service.ResidentKiB();
  std::printf(
      "\n### %d open streams\n\n%d users with %d streams each, over 4 connections. Delay: from before the create is "
      "sent until the "
      "event is read.\n\n| what | |\n| --- | --- |\n| memory a stream, open (resident, service's process) | %.1f KiB "
      "|\n"
      "| the same after events | %.1f KiB |\n| one change, 25 streams: delay p50 / p99 | %.1f / %.1f ms |\n"
      "| a change of every user at once, 1,000 streams: delay p50 / p99, the 40 creates included | %.1f / %.1f ms |\n",
      kStreams, kStreams / kStreamsEach, kStreamsEach, static_cast<double>(open - before) / kStreams,
      static_cast<double>(after - before) / kStreams, Median(alone), Percentile(alone, 0.99), Median(delays),
      Percentile(delays, 0.99));
}

}  // namespace
}  // namespace todo::testing

int main(int argc, char** argv) {
  using namespace todo::testing;
  const std::string only = argc > 1 ? argv[1] : "";
  const FakeVerifier verifier;
  std::printf("## The todo service\n\n");
  if (only.empty() || only == "pages") {
    TestDatabase database;
    MeasurePages(database, verifier);
  }
  if (only.empty() || only == "create") MeasureCreates(verifier);
  if (only.empty() || only == "streams") MeasureStreams(verifier);
  return 0;
}
