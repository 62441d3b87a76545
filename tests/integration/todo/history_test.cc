// A history in Jepsen's manner: many clients at once under a nemesis that kills, stops, stalls and closes the database
// to writes. What each was answered is written down as ok, failed or unknown, and what is stored in the end must be
// explained by it. Direct and through PgBouncer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/todo/api_user.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/pgbouncer.h"
#include "tests/support/todo/postgres_cluster.h"
#include "tests/support/todo/synced_copy.h"

namespace todo::testing {
namespace {

constexpr int kClients = 6;
// The history is long enough when each kind of trouble has been there and this was reached; the limit is that of a
// machine that is busy with other things.
constexpr int kCertainCreates = 100;
constexpr absl::Duration kLimit = absl::Seconds(90);
constexpr int kKindsOfTrouble = 6;

enum class Outcome { kOk, kFailed, kUnknown };

Outcome OutcomeOf(const grpc::Status& status) {
  if (status.ok()) return Outcome::kOk;
  // What is promised of each: nothing was written, or it may have been.
  const bool may_have_happened = status.error_code() == grpc::DEADLINE_EXCEEDED ||
                                 status.error_code() == grpc::INTERNAL || status.error_code() == grpc::UNKNOWN;
  return may_have_happened ? Outcome::kUnknown : Outcome::kFailed;
}

// What was asked for and what was answered. Thread-safe.
class History {
 public:
  struct Count {
    int ok = 0;
    int unknown = 0;
  };

  void Created(const std::string& title, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    created_[title] = outcome;
    if (outcome == Outcome::kOk) ++certain_creates_;
  }
  // `kind` is `increment` or `toggle`.
  void Did(const std::string& kind, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    Count& count = counts_[kind];
    if (outcome == Outcome::kOk) ++count.ok;
    if (outcome == Outcome::kUnknown) ++count.unknown;
  }
  void Deleted(const std::string& id, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    deleted_[id] = outcome;
  }
  // A key whose toggle was not answered.
  void MustBeAsked(const std::string& key) {
    const std::lock_guard lock(mutex_);
    open_toggles_.insert(key);
  }

  // When all clients have ended.
  const std::map<std::string, Outcome>& created() const { return created_; }
  const std::map<std::string, Outcome>& deleted() const { return deleted_; }
  const std::set<std::string>& open_toggles() const { return open_toggles_; }
  Count count(const std::string& kind) { return counts_[kind]; }
  int certain_creates() {
    const std::lock_guard lock(mutex_);
    return certain_creates_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Outcome> created_;
  std::map<std::string, Outcome> deleted_;
  std::map<std::string, Count> counts_;
  std::set<std::string> open_toggles_;
  int certain_creates_ = 0;
};

// What a client that only syncs has seen up to a token.
struct SyncPoint {
  std::string token;
  SyncedCopy copy;
};

// The parameter: whether a PgBouncer is between.
class HistoryTest : public ::testing::TestWithParam<bool> {
 protected:
  static constexpr char kWorking[] =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'todo-service' AND state <> 'idle'";
  static constexpr char kBackends[] =
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'todo-service' AND backend_type = 'client backend' "
      "ORDER BY random() LIMIT 1";

  grpc::Status Create(const std::string& title, const std::string& key) {
    v1::CreateTaskRequest request;
    request.mutable_task()->set_title(title);
    request.set_idempotency_key(key);
    v1::Task task;
    const grpc::Status status = ada_.Create(request, &task);
    if (status.ok()) {
      const std::lock_guard lock(ids_mutex_);
      ids_[title] = task.id();
    }
    return status;
  }

  // With a key, so that a toggle whose answer was lost can be asked about again.
  grpc::Status Toggle(const std::string& key) {
    v1::ToggleTaskRequest request;
    request.set_task_id(toggled_);
    request.set_idempotency_key(key);
    v1::ToggleTaskResponse response;
    return ada_.Send(&Stub::ToggleTask, request, &response);
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

  void DeleteOwn(const std::string& title) {
    std::string id;
    {
      const std::lock_guard lock(ids_mutex_);
      id = ids_[title];
    }
    if (!id.empty()) history_.Deleted(id, OutcomeOf(ada_.Delete(id)));
  }

  void RunClient(int client) {
    std::mt19937 random(static_cast<unsigned>(client));
    for (int step = 0; !is_over_; ++step) {
      const std::string name = absl::StrCat("client ", client, " step ", step);
      const std::string key = absl::StrCat("client-", client, "-step-", step);
      switch (random() % 6) {
        case 0:
          history_.Did("increment", OutcomeOf(Increment()));
          break;
        case 1: {
          const Outcome outcome = OutcomeOf(Toggle(key));
          history_.Did("toggle", outcome);
          if (outcome == Outcome::kUnknown) history_.MustBeAsked(key);
          break;
        }
        case 2: {
          // One that nobody else knows of, so that only this decides.
          const std::string doomed = "doomed " + name;
          history_.Created(doomed, OutcomeOf(Create(doomed, key)));
          DeleteOwn(doomed);
          break;
        }
        case 3:
          // Without a key as well: what is ok must be there once all the same.
          history_.Created("plain " + name, OutcomeOf(Create("plain " + name, "")));
          break;
        default:
          history_.Created(name, OutcomeOf(Create(name, key)));
      }
    }
  }

  // Syncs all the time and keeps where it was now and then.
  void RunSyncer() {
    SyncPoint now;
    while (!is_over_) {
      v1::SyncTasksRequest request;
      request.set_sync_token(now.token);
      v1::SyncTasksResponse page;
      if (!ada_.Send(&Stub::SyncTasks, request, &page).ok()) continue;
      now.copy.Apply(page);
      now.token = page.next_sync_token();
      if (!page.has_more() && sync_points_.size() < 200) sync_points_.push_back(now);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  void TellDatabase(const std::string& statement) {
    const auto outsider = DatabaseConnection::Open(todo_.database().url() + " application_name='nemesis'");
    if (outsider.ok()) (void)(*outsider)->RunScript(statement);
  }

  void StallOneBackend() {
    const auto outsider = DatabaseConnection::Open(todo_.database().url() + " application_name='nemesis'");
    if (!outsider.ok()) return;
    const auto rows = (*outsider)->Run(Statement(kBackends), {});
    if (!rows.ok() || rows->empty()) return;
    const pid_t backend = std::stoi(rows->front()[0].c_str());
    kill(backend, SIGSTOP);
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    kill(backend, SIGCONT);
  }

  void MakeTrouble(int kind) {
    switch (kind) {
      case 0:
        return TellDatabase(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'todo-service' AND "
            "random() < 0.7");
      case 1:
        return StallOneBackend();
      case 2:
        cluster_.Kill();
        return cluster_.Start();
      case 3:
        cluster_.Stall();
        std::this_thread::sleep_for(std::chrono::milliseconds(2500));
        return cluster_.Resume();
      case 4:
        TellDatabase("ALTER SYSTEM SET default_transaction_read_only = on");
        TellDatabase("SELECT pg_reload_conf()");
        std::this_thread::sleep_for(std::chrono::milliseconds(700));
        TellDatabase("ALTER SYSTEM RESET default_transaction_read_only");
        return TellDatabase("SELECT pg_reload_conf()");
      default:
        cluster_.Stop();
        cluster_.Start();
    }
  }

  // How long it takes until a call is answered again.
  absl::Duration Recovery() {
    const absl::Time start = absl::Now();
    EXPECT_TRUE(Eventually([&] { return todo_.Get("ada", shared_).ok(); }, absl::Seconds(20)));
    return absl::Now() - start;
  }

  // Each kind of trouble once, one at a time, with some time between.
  void RunNemesis() {
    std::mt19937 random(7);
    std::vector<int> kinds(kKindsOfTrouble);
    for (size_t i = 0; i < kinds.size(); ++i) kinds[i] = static_cast<int>(i);
    std::shuffle(kinds.begin(), kinds.end(), random);
    for (const int kind : kinds) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200 + random() % 300));
      MakeTrouble(kind);
      slowest_recovery_ = std::max(slowest_recovery_, Recovery());
    }
    nemesis_has_ended_ = true;
  }

  void Run() {
    std::vector<std::thread> threads;
    for (int client = 0; client < kClients; ++client) threads.emplace_back([this, client] { RunClient(client); });
    threads.emplace_back([this] { RunSyncer(); });
    threads.emplace_back([this] { RunNemesis(); });
    EXPECT_TRUE(
        Eventually([&] { return nemesis_has_ended_ && history_.certain_creates() >= kCertainCreates; }, kLimit));
    is_over_ = true;
    for (std::thread& thread : threads) thread.join();
    // A statement whose client has long been answered that its outcome is not known may still be about to commit.
    todo_.database().Reconnect();
    ASSERT_TRUE(Eventually([&] { return todo_.database().Value(kWorking) == "0"; }));
  }

  // Asks with the same key again, until it is known that it was done.
  void ResolveUnknowns() {
    for (const auto& [title, outcome] : std::map(history_.created())) {
      const size_t client = title.find("client");
      if (outcome != Outcome::kUnknown || absl::StartsWith(title, "plain")) continue;
      std::string key = title.substr(client);
      std::replace(key.begin(), key.end(), ' ', '-');
      ASSERT_TRUE(Eventually([&, t = title] { return Create(t, key).ok(); })) << title;
      history_.Created(title, Outcome::kOk);
    }
    for (const std::string& key : history_.open_toggles()) {
      ASSERT_TRUE(Eventually([&] { return Toggle(key).ok(); })) << key;
    }
  }

  PostgresCluster cluster_;
  const std::unique_ptr<PgBouncer> pooler_ = GetParam() ? std::make_unique<PgBouncer>(cluster_) : nullptr;
  RunningTodo todo_{
      {.pool_size = 8, .server_url = cluster_.url(), .pooler_url = pooler_ == nullptr ? "" : pooler_->url()}};
  ApiUser ada_{todo_, "ada"};
  const std::string shared_ = ada_.Create("0").id();
  const std::string toggled_ = ada_.Create("toggled").id();
  History history_;
  std::mutex ids_mutex_;
  std::map<std::string, std::string> ids_;
  std::vector<SyncPoint> sync_points_;
  absl::Duration slowest_recovery_;
  std::atomic<bool> is_over_ = false;
  std::atomic<bool> nemesis_has_ended_ = false;
};

TEST_P(HistoryTest, NoAcknowledgedWriteIsLostNoneDoubledAndNoUpdateLost) {
  Run();
  ResolveUnknowns();
  if (HasFatalFailure()) return;

  // Every create that was acknowledged is there once, every one that failed is not.
  std::string token;
  std::map<std::string, int> stored;
  std::map<std::string, bool> is_deleted;
  const v1::SyncTasksResponse everything = ada_.Sync(&token);
  for (const v1::Task& task : everything.tasks()) {
    ++stored[task.title()];
    is_deleted[task.id()] = task.has_deleted_at();
  }
  for (const auto& [title, outcome] : history_.created()) {
    const int times = stored.count(title) > 0 ? stored[title] : 0;
    EXPECT_LE(times, outcome == Outcome::kFailed ? 0 : 1) << title;
    EXPECT_GE(times, outcome == Outcome::kOk ? 1 : 0) << title;
  }
  for (const auto& [id, outcome] : history_.deleted()) {
    EXPECT_TRUE(outcome == Outcome::kUnknown || is_deleted[id] == (outcome == Outcome::kOk)) << id;
  }

  // No increment that was acknowledged is lost and none is there twice, and every toggle was done once.
  v1::Task shared, toggled;
  ASSERT_TRUE(todo_.Get("ada", shared_, &shared).ok());
  ASSERT_TRUE(todo_.Get("ada", toggled_, &toggled).ok());
  const int count = std::stoi(shared.title());
  const auto [certain_increments, possible_increments] = history_.count("increment");
  EXPECT_GE(count, certain_increments);
  EXPECT_LE(count, certain_increments + possible_increments);
  const auto [certain_toggles, resolved_toggles] = history_.count("toggle");
  EXPECT_EQ(toggled.is_completed(), (certain_toggles + resolved_toggles) % 2 == 1);

  // Whichever token one goes on from, the end is the same, and the counters say what there is.
  SyncedCopy whole;
  whole.Apply(everything);
  for (SyncPoint& point : sync_points_) {
    point.copy.Apply(ada_.Sync(&point.token));
    EXPECT_EQ(point.copy.tasks(), whole.tasks());
  }
  EXPECT_EQ(static_cast<size_t>(todo_.Metrics("ada").total()), whole.tasks().size());
  EXPECT_EQ(todo_.database().Value("SELECT count(*) - count(DISTINCT revision) FROM todo.tasks"), "0");
  EXPECT_GE(sync_points_.size(), 5u);
  // Within 2 s of the end of the outage, and some for a machine that is busy with other things.
  EXPECT_LT(slowest_recovery_, absl::Seconds(4));
  std::printf(
      "history: %d certain creates of %zu, %zu deletes, %d certain increments of %d, %d toggles of which %d were asked "
      "about again, %zu sync tokens, slowest recovery %lld ms\n",
      history_.certain_creates(), history_.created().size(), history_.deleted().size(), certain_increments, count,
      certain_toggles + resolved_toggles, resolved_toggles, sync_points_.size(),
      static_cast<long long>(absl::ToInt64Milliseconds(slowest_recovery_)));
}

INSTANTIATE_TEST_SUITE_P(DirectAndThroughPgBouncer, HistoryTest, ::testing::Bool(),
                         [](const auto& way) { return way.param ? "PgBouncer" : "Direct"; });

}  // namespace
}  // namespace todo::testing
