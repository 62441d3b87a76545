// Many callers at once on the same tasks: nothing is lost, nothing counted twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

constexpr int kCallers = 8;
constexpr int kRounds = 25;

void AtOnce(const std::function<void(int caller)>& body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kCallers; ++i) threads.emplace_back([&body, i] { body(i); });
  for (std::thread& thread : threads) thread.join();
}

class ConcurrencyTest : public ::testing::Test {
 protected:
  void ExpectCountersAgree() {
    EXPECT_EQ(todo_.database().Lines(R"(
      SELECT format('%s %s %s %s %s %s', pending_high, pending_medium, pending_low, completed_high, completed_medium,
        completed_low) FROM todo.user_counters ORDER BY user_id)"),
              todo_.database().Lines(R"(
      SELECT format('%s %s %s %s %s %s',
        count(*) FILTER (WHERE NOT is_completed AND priority = 1), count(*) FILTER (WHERE NOT is_completed AND priority = 2),
        count(*) FILTER (WHERE NOT is_completed AND priority = 3), count(*) FILTER (WHERE is_completed AND priority = 1),
        count(*) FILTER (WHERE is_completed AND priority = 2), count(*) FILTER (WHERE is_completed AND priority = 3))
      FROM todo.tasks WHERE deleted_at IS NULL GROUP BY user_id ORDER BY user_id)"));
  }

  RunningTodo todo_{{.pool_size = kCallers}};
};

TEST_F(ConcurrencyTest, EveryToggleTakesEffect) {
  const v1::Task task = todo_.Create("ada", "Buy milk");
  std::atomic<int> completions = 0;
  AtOnce([&](int) {
    for (int round = 0; round < kRounds; ++round) {
      v1::ToggleTaskRequest request;
      request.set_user_id("ada");
      request.set_task_id(task.id());
      v1::ToggleTaskResponse response;
      ASSERT_TRUE(todo_.Call(&Stub::ToggleTask, "ada", request, &response).ok());
      if (response.task().is_completed()) ++completions;
    }
  });
  // An even number of toggles: half of them completed it, and each gave it a new etag.
  EXPECT_EQ(completions, kCallers * kRounds / 2);
  v1::Task end;
  ASSERT_TRUE(todo_.Get("ada", task.id(), &end).ok());
  EXPECT_FALSE(end.is_completed());
  EXPECT_EQ(end.etag(), absl::StrCat(1 + kCallers * kRounds));
  ExpectCountersAgree();
}

TEST_F(ConcurrencyTest, UpdatesGuardedByTheEtagLoseNothing) {
  const v1::Task task = todo_.Create("ada", "0");
  std::atomic<int> conflicts = 0;
  AtOnce([&](int) {
    for (int done = 0; done < kRounds;) {
      v1::UpdateTaskRequest request;
      request.set_user_id("ada");
      request.set_task_id(task.id());
      v1::Task seen;
      ASSERT_TRUE(todo_.Get("ada", task.id(), &seen).ok());
      request.mutable_task()->set_title(absl::StrCat(std::stoi(seen.title()) + 1));
      request.mutable_task()->set_etag(seen.etag());
      v1::UpdateTaskResponse response;
      const grpc::Status status = todo_.Call(&Stub::UpdateTask, "ada", request, &response);
      ASSERT_TRUE(status.ok() || status.error_code() == grpc::ABORTED) << status.error_message();
      status.ok() ? ++done : ++conflicts;
    }
  });
  v1::Task end;
  ASSERT_TRUE(todo_.Get("ada", task.id(), &end).ok());
  EXPECT_EQ(end.title(), absl::StrCat(kCallers * kRounds));
}

TEST_F(ConcurrencyTest, OnlyOneOfManyDeletesFindsTheTask) {
  for (int round = 0; round < 10; ++round) {
    const v1::Task task = todo_.Create("ada", "Buy milk");
    std::atomic<int> found = 0;
    AtOnce([&](int) {
      v1::DeleteTaskRequest request;
      request.set_user_id("ada");
      request.set_task_id(task.id());
      v1::DeleteTaskResponse response;
      const grpc::Status status = todo_.Call(&Stub::DeleteTask, "ada", request, &response);
      ASSERT_TRUE(status.ok() || status.error_code() == grpc::NOT_FOUND) << status.error_message();
      if (status.ok()) ++found;
    });
    EXPECT_EQ(found, 1);
  }
  EXPECT_EQ(todo_.Metrics("ada").total(), 0);
}

TEST_F(ConcurrencyTest, CountersAgreeAfterEverythingAtOnce) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(todo_.Create("ada", "Shared").id());
  AtOnce([&](int caller) {
    for (int round = 0; round < kRounds; ++round) {
      const std::string& id = ids[static_cast<size_t>(caller + round) % ids.size()];
      v1::Task content;
      content.set_title("Own");
      content.set_priority(static_cast<v1::Priority>(1 + (caller + round) % 3));
      const std::string own = todo_.Create("ada", content).id();
      v1::ToggleTaskRequest toggle;
      toggle.set_user_id("ada");
      toggle.set_task_id(id);
      v1::ToggleTaskResponse toggled;
      ASSERT_TRUE(todo_.Call(&Stub::ToggleTask, "ada", toggle, &toggled).ok());
      v1::UpdateTaskRequest update;
      update.set_user_id("ada");
      update.set_task_id(id);
      *update.mutable_task() = content;
      v1::UpdateTaskResponse updated;
      ASSERT_TRUE(todo_.Call(&Stub::UpdateTask, "ada", update, &updated).ok());
      if (round % 2 == 0) continue;
      v1::DeleteTaskRequest remove;
      remove.set_user_id("ada");
      remove.set_task_id(own);
      v1::DeleteTaskResponse removed;
      ASSERT_TRUE(todo_.Call(&Stub::DeleteTask, "ada", remove, &removed).ok());
    }
  });
  ExpectCountersAgree();
  // No two changes of a user have the same number.
  EXPECT_EQ(todo_.database().Value("SELECT count(*) - count(DISTINCT revision) FROM todo.tasks"), "0");
}

TEST_F(ConcurrencyTest, ManyFirstTasksOfAUserAreAllCounted) {
  AtOnce([&](int) { todo_.Create("new", "First"); });
  EXPECT_EQ(todo_.Metrics("new").total(), kCallers);
}

}  // namespace
}  // namespace todo::testing
