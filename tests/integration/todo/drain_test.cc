#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/todo/eventually.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

TEST(Drain, LetsACallUnderWayFinish) {
  RunningTodo todo;
  const v1::Task task = todo.Create("ada", "Buy milk");
  const auto blocker = todo.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
  std::thread call([&] { EXPECT_TRUE(todo.Get("ada", task.id()).ok()); });
  ASSERT_TRUE(Eventually([&] {
    return todo.database().Value(
               "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = "
               "'todo.tasks'::regclass") == "1";
  }));
  std::thread drain([&] { todo.server().Drain(absl::Seconds(10)); });
  EXPECT_TRUE(Eventually([&] { return !todo.IsServing(); }));
  ASSERT_TRUE(blocker->RunScript("ROLLBACK").ok());
  call.join();
  drain.join();
}

TEST(Drain, EndsReadinessAndTakesNoMoreCalls) {
  RunningTodo todo;
  ASSERT_TRUE(Eventually([&] { return todo.IsServing(); }));
  todo.server().Drain(absl::Seconds(1));
  EXPECT_FALSE(todo.IsServing());
  v1::GetMeResponse response;
  EXPECT_EQ(todo.Call(&Stub::GetMe, "ada", v1::GetMeRequest(), &response).error_code(), grpc::UNAVAILABLE);
}

}  // namespace
}  // namespace todo::testing
