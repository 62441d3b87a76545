// A history in Jepsen's manner: many clients at once under a nemesis that kills, stops and restarts the database. What
// each was answered is written down as ok, failed or unknown, and what is stored in the end must be explained by it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/todo/api_user.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/postgres_cluster.h"

namespace todo::testing {
namespace {

constexpr int kClients = 6;
// The history is long enough when both were reached; the limit is that of a machine that is busy with other things.
constexpr int kDisturbances = 5;
constexpr int kCertainCreates = 100;
constexpr absl::Duration kLimit = absl::Seconds(60);

enum class Outcome { kOk, kFailed, kUnknown };

Outcome OutcomeOf(const grpc::Status& status) {
  if (status.ok()) return Outcome::kOk;
  // What is promised of each: nothing was written, or it may have been.
  const bool may_have_happened = status.error_code() == grpc::DEADLINE_EXCEEDED ||
                                 status.error_code() == grpc::INTERNAL || status.error_code() == grpc::UNKNOWN;
  return may_have_happened ? Outcome::kUnknown : Outcome::kFailed;
}

// What was done to the database and what it was answered.
class History {
 public:
  void Created(const std::string& title, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    created_[title] = outcome;
    if (outcome == Outcome::kOk) ++certain_creates_;
  }
  void Incremented(Outcome outcome) {
    const std::lock_guard lock(mutex_);
    if (outcome == Outcome::kOk) ++certain_increments_;
    if (outcome == Outcome::kUnknown) ++possible_increments_;
  }
  std::map<std::string, Outcome> created() const { return created_; }
  int certain_creates() {
    const std::lock_guard lock(mutex_);
    return certain_creates_;
  }
  int certain_increments() const { return certain_increments_; }
  int possible_increments() const { return possible_increments_; }

 private:
  std::mutex mutex_;
  std::map<std::string, Outcome> created_;
  int certain_creates_ = 0;
  int certain_increments_ = 0;
  int possible_increments_ = 0;
};

class HistoryTest : public ::testing::Test {
 protected:
  static constexpr char kWorking[] =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'todo-service' AND state <> 'idle'";
  static constexpr char kBackends[] =
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'todo-service' AND backend_type = 'client backend' "
      "ORDER BY random() LIMIT 1";

  // Each create has a key of its own, so that one whose answer was lost can be asked about again.
  grpc::Status CreateWithKey(const std::string& title) {
    v1::CreateTaskRequest request;
    request.mutable_task()->set_title(title);
    request.set_idempotency_key(title);
    return ada_.Create(request, nullptr);
  }

  // Adds one to the number in the title of the shared task, guarded by its etag.
  grpc::Status Increment() {
    v1::Task seen;
    grpc::Status status = todo_.Get("ada", shared_, &seen);
    if (!status.ok()) return grpc::Status(grpc::UNAVAILABLE, "not read");
    v1::Task content;
    content.set_title(absl::StrCat(std::stoi(seen.title()) + 1));
    content.set_etag(seen.etag());
    return ada_.Update(shared_, content);
  }

  void RunClient(int client) {
    std::mt19937 random(static_cast<unsigned>(client));
    for (int step = 0; !is_over_; ++step) {
      const std::string title = absl::StrCat("client ", client, " step ", step);
      switch (random() % 4) {
        case 0:
          history_.Incremented(OutcomeOf(Increment()));
          break;
        case 1:
          // Without a key as well: what is ok must be there once all the same.
          {
            v1::CreateTaskRequest request;
            request.mutable_task()->set_title("plain " + title);
            history_.Created("plain " + title, OutcomeOf(ada_.Create(request, nullptr)));
          }
          break;
        default:
          history_.Created(title, OutcomeOf(CreateWithKey(title)));
      }
    }
  }

  // Does one bad thing at a time, and lets go in between.
  void RunNemesis() {
    std::mt19937 random(7);
    while (!is_over_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100 + random() % 300));
      switch (random() % 4) {
        case 0: {
          const auto outsider = DatabaseConnection::Open(todo_.database().url() + " application_name='nemesis'");
          if (outsider.ok()) {
            (void)(*outsider)->RunScript(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
                "'todo-service' AND random() < 0.7");
          }
          break;
        }
        case 1: {
          const auto outsider = DatabaseConnection::Open(todo_.database().url() + " application_name='nemesis'");
          if (!outsider.ok()) break;
          const auto rows = (*outsider)->Run(Statement(kBackends), {});
          if (!rows.ok() || rows->empty()) break;
          const pid_t backend = std::stoi(rows->front()[0].c_str());
          kill(backend, SIGSTOP);
          std::this_thread::sleep_for(std::chrono::milliseconds(2500));
          kill(backend, SIGCONT);
          break;
        }
        case 2:
          cluster_.Kill();
          cluster_.Start();
          break;
        default:
          cluster_.Stop();
          cluster_.Start();
      }
      ++disturbances_;
    }
  }

  PostgresCluster cluster_;
  RunningTodo todo_{{.pool_size = 8, .server_url = cluster_.url()}};
  ApiUser ada_{todo_, "ada"};
  const std::string shared_ = ada_.Create("0").id();
  History history_;
  std::atomic<bool> is_over_ = false;
  std::atomic<int> disturbances_ = 0;
};

TEST_F(HistoryTest, NoAcknowledgedWriteIsLostNoneDoubledAndNoUpdateLost) {
  std::vector<std::thread> threads;
  for (int client = 0; client < kClients; ++client) threads.emplace_back([this, client] { RunClient(client); });
  threads.emplace_back([this] { RunNemesis(); });
  std::string early_token;
  const absl::Time end = absl::Now() + kLimit;
  while (absl::Now() < end && (disturbances_ < kDisturbances || history_.certain_creates() < kCertainCreates)) {
    v1::SyncTasksResponse page;
    if (early_token.empty() && ada_.Send(&Stub::SyncTasks, v1::SyncTasksRequest(), &page).ok()) {
      early_token = page.next_sync_token();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  is_over_ = true;
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(Eventually([&] { return todo_.Get("ada", shared_).ok(); }));
  // A statement whose client has long been answered that its outcome is not known may still be about to commit.
  todo_.database().Reconnect();
  ASSERT_TRUE(Eventually([&] { return todo_.database().Value(kWorking) == "0"; }));

  // Every unknown resolves by its key.
  for (const auto& [title, outcome] : history_.created()) {
    if (outcome != Outcome::kUnknown || title.rfind("plain", 0) == 0) continue;
    ASSERT_TRUE(Eventually([&, t = title] { return CreateWithKey(t).ok(); })) << title;
    history_.Created(title, Outcome::kOk);
  }

  std::string token;
  std::map<std::string, int> stored;
  const v1::SyncTasksResponse everything = ada_.Sync(&token);
  for (const v1::Task& task : everything.tasks()) ++stored[task.title()];
  int certain = 0;
  for (const auto& [title, outcome] : history_.created()) {
    const int times = stored.count(title) > 0 ? stored[title] : 0;
    if (outcome == Outcome::kOk) {
      ++certain;
      EXPECT_EQ(times, 1) << title;
    } else {
      EXPECT_LE(times, outcome == Outcome::kFailed ? 0 : 1) << title;
    }
  }
  v1::Task shared;
  ASSERT_TRUE(todo_.Get("ada", shared_, &shared).ok());
  const int count = std::stoi(shared.title());
  EXPECT_GE(count, history_.certain_increments());
  EXPECT_LE(count, history_.certain_increments() + history_.possible_increments());

  // Who synced early and who syncs now come to the same, and the counters say what there is.
  ada_.Sync(&early_token);
  EXPECT_EQ(ada_.Sync(&early_token).tasks_size(), 0);
  EXPECT_EQ(todo_.Metrics("ada").total(), everything.tasks_size());
  EXPECT_EQ(todo_.database().Value("SELECT count(*) - count(DISTINCT revision) FROM todo.tasks"), "0");
  EXPECT_GE(disturbances_, kDisturbances);
  EXPECT_GE(certain, kCertainCreates);
  std::printf("history: %d certain creates, %d certain increments of %d, %d disturbances\n", certain,
              history_.certain_increments(), count, disturbances_.load());
}

}  // namespace
}  // namespace todo::testing
