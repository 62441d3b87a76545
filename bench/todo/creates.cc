// Creates, beside pgbench.
#include "bench/todo/sections.h"

#include <unistd.h>

#include <atomic>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "bench/todo/measured_service.h"
#include "services/todo/task_statements.h"

namespace todo::bench {
namespace {

constexpr int kCallers = 8;
constexpr int kRoundSeconds = 4;

// Creates a second, and what the service's process spent on each, in µs of CPU.
std::pair<double, double> RunCreates(const MeasuredService& service) {
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

}  // namespace

void MeasureCreates(const FakeVerifier& verifier) {
  TestDatabase database;
  database.Execute("CREATE SEQUENCE todo.changes");
  const MeasuredService service(database, verifier);
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
      "### Create\n\n%d callers, 2,000 users, %d s a round, medians of %d alternating rounds; every commit is "
      "flushed.\n\n"
      "| what | a second | the service against it |\n| --- | --- | --- |\n"
      "| the service, over gRPC (%.0f µs of CPU each) | %.0f | |\n"
      "| pgbench, the same statement | %.0f | %.2f |\n"
      "| pgbench, the INSERT alone: no counters, no change numbers | %.0f | %.2f |\n",
      kCallers, kRoundSeconds, kRounds, Median(cpu), rate, same_rate, rate / same_rate, bare_rate, rate / bare_rate);
}

}  // namespace todo::bench
