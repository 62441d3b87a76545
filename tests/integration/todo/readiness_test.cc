#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/grpc/health_probe.h"
#include "tests/support/todo/call_results.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

bool BecomesServing(const RunningTodo& todo, bool serving) {
  return Eventually([&] { return todo.IsServing() == serving; });
}

TEST(Readiness, NeedsTheSchemaAndNoticesWhenItComes) {
  RunningTodo todo({.schema = TestDatabase::Schema::kNone});
  EXPECT_FALSE(todo.IsServing());
  // A call is refused before it fails on a missing table.
  const grpc::Status status = todo.Get("ada", "0190b1a8-6f5e-7cc3-9d0a-000000000000");
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "todo.v1/DATABASE_UNAVAILABLE");
  todo.database().MakeSchema();
  EXPECT_TRUE(BecomesServing(todo, true));
  todo.Create("ada", "Buy milk");
}

TEST(Readiness, EndsWhereTheSchemaBecomesOneThatIsNotKnown) {
  RunningTodo todo;
  ASSERT_TRUE(BecomesServing(todo, true));
  todo.database().Execute("INSERT INTO todo.schema_migrations VALUES (999, '999_future.sql', 'x', now(), 999)");
  EXPECT_TRUE(BecomesServing(todo, false));
}

TEST(Readiness, NeedsAVerifierThatHasServedOnce) {
  RunningTodo todo;
  todo.verifier().Stop();
  const std::unique_ptr<TodoServer> late = todo.StartReplica();
  const auto channel = RunningTodo::ChannelTo(*late);
  const auto is_serving = [&] { return common::ProbeHealth(channel, absl::Seconds(10)).ok(); };
  EXPECT_TRUE(Eventually([&] { return late->readiness().message() == "verifier: does not answer or serve"; }));
  EXPECT_FALSE(is_serving());
  todo.verifier().Start();
  EXPECT_TRUE(Eventually(is_serving));
}

TEST(Readiness, GoesWithTheVerifierWhileTokensThatAreKnownAreServed) {
  RunningTodo todo;
  todo.verifier().SetCacheFor(absl::Seconds(30));
  ASSERT_TRUE(BecomesServing(todo, true));
  const v1::Task task = todo.Create("ada", "Buy milk");
  todo.verifier().Stop();
  EXPECT_TRUE(Eventually([&] { return !todo.server().readiness().ok(); }));
  EXPECT_TRUE(todo.IsServing());
  EXPECT_TRUE(todo.Get("ada", task.id()).ok());
  EXPECT_EQ(todo.Get("bob", task.id()).error_code(), grpc::UNAVAILABLE);
  todo.verifier().Start();
  EXPECT_TRUE(Eventually([&] { return todo.Get("bob", task.id()).error_code() == grpc::NOT_FOUND; }));
}

TEST(Readiness, DoesNotDependOnHowBusyTheServiceIs) {
  RunningTodo todo({.pool_size = 1});
  ASSERT_TRUE(BecomesServing(todo, true));
  const auto blocker = todo.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
  // Two rounds of the checks pass while the only connection of the pool hangs.
  EXPECT_EQ(todo.Get("ada", "0190b1a8-6f5e-7cc3-9d0a-000000000000").error_code(), grpc::DEADLINE_EXCEEDED);
  EXPECT_TRUE(todo.IsServing());
}

}  // namespace
}  // namespace todo::testing
