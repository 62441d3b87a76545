// The user's counters: whatever is done, they say what counting would say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

class CountersTest : public ::testing::Test {
 protected:
  template <typename Request, typename Response, typename Method>
  void Run(Method method, const std::string& id) {
    Request request;
    request.set_user_id("ada");
    request.set_task_id(id);
    Response response;
    ASSERT_TRUE(todo_.Call(method, "ada", request, &response).ok());
  }

  void Update(const std::string& id, const v1::Task& content) {
    v1::UpdateTaskRequest request;
    request.set_user_id("ada");
    request.set_task_id(id);
    *request.mutable_task() = content;
    v1::UpdateTaskResponse response;
    ASSERT_TRUE(todo_.Call(&Stub::UpdateTask, "ada", request, &response).ok());
  }

  int Count(const std::string& condition) {
    return std::stoi(todo_.database().Value(
        "SELECT count(*) FROM todo.tasks WHERE user_id = 'ada' AND deleted_at IS NULL AND " + condition));
  }

  void ExpectMetricsAreWhatCountingGives() {
    const v1::GetTaskMetricsResponse metrics = todo_.Metrics("ada");
    EXPECT_EQ(metrics.total(), Count("true"));
    EXPECT_EQ(metrics.completed(), Count("is_completed"));
    EXPECT_EQ(metrics.pending(), Count("NOT is_completed"));
    EXPECT_EQ(metrics.overdue(), Count("NOT is_completed AND due_date < '2023-11-14'"));
    EXPECT_EQ(metrics.high_priority(), Count("priority = 1"));
    EXPECT_EQ(metrics.medium_priority(), Count("priority = 2"));
    EXPECT_EQ(metrics.low_priority(), Count("priority = 3"));
  }

  RunningTodo todo_;
};

TEST_F(CountersTest, AreZeroForAUserWhoHasNothing) {
  EXPECT_EQ(todo_.Metrics("ada").SerializeAsString(), v1::GetTaskMetricsResponse().SerializeAsString());
}

TEST_F(CountersTest, AgreeWithCountingAfterRandomOperations) {
  std::mt19937 random(20240501);
  const auto draw = [&random](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<std::string> ids;
  for (int step = 0; step < 300; ++step) {
    v1::Task content;
    content.set_title(absl::StrCat("Task ", step));
    content.set_priority(static_cast<v1::Priority>(1 + draw(3)));
    content.set_is_completed(draw(2) == 0);
    if (draw(2) == 0) content.set_due_date(draw(2) == 0 ? "2023-11-13" : "2023-11-14");
    const int operation = ids.empty() ? 0 : draw(6);
    const size_t victim = ids.empty() ? 0 : static_cast<size_t>(draw(static_cast<int>(ids.size())));
    if (operation <= 1) {
      ids.push_back(todo_.Create("ada", content).id());
    } else if (operation == 2) {
      Update(ids[victim], content);
    } else if (operation == 3) {
      Run<v1::ToggleTaskRequest, v1::ToggleTaskResponse>(&Stub::ToggleTask, ids[victim]);
    } else if (operation == 4) {
      Run<v1::CompleteTaskRequest, v1::CompleteTaskResponse>(&Stub::CompleteTask, ids[victim]);
    } else {
      Run<v1::DeleteTaskRequest, v1::DeleteTaskResponse>(&Stub::DeleteTask, ids[victim]);
      ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(victim));
    }
    if (step % 10 == 0) ExpectMetricsAreWhatCountingGives();
  }
  ExpectMetricsAreWhatCountingGives();
}

TEST_F(CountersTest, CountOverdueFromTheDayAfterInUtc) {
  v1::Task task;
  task.set_title("Buy milk");
  task.set_due_date("2023-11-14");
  todo_.Create("ada", task);
  todo_.clock().now = absl::FromUnixSeconds(1700006399);  // 2023-11-14T23:59:59Z
  EXPECT_EQ(todo_.Metrics("ada").overdue(), 0);
  todo_.clock().now = absl::FromUnixSeconds(1700006400);
  EXPECT_EQ(todo_.Metrics("ada").overdue(), 1);
}

TEST_F(CountersTest, NumberEachChangeOfAUserOnce) {
  const v1::Task first = todo_.Create("ada", "one");
  todo_.Create("bob", "his own count");
  const v1::Task second = todo_.Create("ada", "two");
  EXPECT_EQ(first.etag(), "1");
  EXPECT_EQ(second.etag(), "2");
  Run<v1::DeleteTaskRequest, v1::DeleteTaskResponse>(&Stub::DeleteTask, first.id());
  EXPECT_EQ(todo_.database().Value("SELECT last_change FROM todo.user_counters WHERE user_id = 'ada'"), "3");
  EXPECT_EQ(todo_.database().Value("SELECT revision FROM todo.tasks WHERE id = '" + first.id() + "'"), "3");
}

}  // namespace
}  // namespace todo::testing
