// WatchTasks, on one replica and on several.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/api_user.h"
#include "tests/support/todo/call_results.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/task_watcher.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WatchTest : public ::testing::Test {
 protected:
  RunningTodo todo_;
  ApiUser ada_{todo_, "ada"};
};

TEST_F(WatchTest, AnEventIdThatIsNoneIsAFieldViolation) {
  TaskWatcher watcher(todo_.channel(), "ada", "nonsense");
  const grpc::Status status = watcher.WaitForEnd();
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(ViolationsOf(status), ElementsAre("last_event_id"));
}

TEST_F(WatchTest, EndsWithTheToken) {
  todo_.verifier().SetExpireTime(todo_.clock().now + absl::Seconds(1));
  TaskWatcher watcher(todo_.channel(), "ada");
  ASSERT_TRUE(watcher.WaitFor(1));
  todo_.clock().now += absl::Seconds(1);
  const grpc::Status status = watcher.WaitForEnd();
  EXPECT_EQ(status.error_code(), grpc::UNAUTHENTICATED);
  EXPECT_EQ(ReasonOf(status), "auth.v1/TOKEN_EXPIRED");
}

TEST_F(WatchTest, EndsWhereTheUserRemovesEverything) {
  ada_.Create("Buy milk");
  TaskWatcher watcher(todo_.channel(), "ada");
  ASSERT_TRUE(watcher.WaitFor(1));
  v1::DeleteMeResponse gone;
  ASSERT_TRUE(todo_.Call(&Stub::DeleteMe, "ada", v1::DeleteMeRequest(), &gone).ok());
  EXPECT_EQ(ReasonOf(watcher.WaitForEnd()), "todo.v1/SYNC_TOKEN_EXPIRED");
}

TEST_F(WatchTest, EndsAtOnceWhereTheServiceDrains) {
  TaskWatcher watcher(todo_.channel(), "ada");
  ASSERT_TRUE(watcher.WaitFor(1));
  const absl::Time start = absl::Now();
  todo_.server().Drain(absl::Seconds(10));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_EQ(watcher.WaitForEnd().error_code(), grpc::UNAVAILABLE);
}

TEST_F(WatchTest, AUserHasThirtyTwoStreamsAtMost) {
  std::vector<std::unique_ptr<TaskWatcher>> watchers;
  for (int i = 0; i < 32; ++i) watchers.push_back(std::make_unique<TaskWatcher>(todo_.channel(), "ada"));
  for (const auto& watcher : watchers) ASSERT_TRUE(watcher->WaitFor(1));
  EXPECT_EQ(TaskWatcher(todo_.channel(), "ada").WaitForEnd().error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(TaskWatcher(todo_.channel(), "bob").WaitFor(1));
  watchers.pop_back();
  EXPECT_TRUE(Eventually([&] { return TaskWatcher(todo_.channel(), "ada").WaitFor(1, absl::Seconds(1)); }));
}

TEST_F(WatchTest, TellsNothingOfWhatWasBeforeNorOfOthers) {
  ada_.Create("before");
  TaskWatcher watcher(todo_.channel(), "ada");
  ASSERT_TRUE(watcher.WaitFor(1));
  EXPECT_FALSE(watcher.messages()[0].has_task());
  EXPECT_FALSE(watcher.messages()[0].event_id().empty());
  ApiUser(todo_, "bob").Create("his");
  ada_.Create("after");
  ASSERT_TRUE(watcher.WaitFor(2));
  EXPECT_THAT(watcher.Told(), ElementsAre("after"));
}

TEST_F(WatchTest, TellsEachChangeInItsOrder) {
  TaskWatcher watcher(todo_.channel(), "ada");
  ASSERT_TRUE(watcher.WaitFor(1));
  const v1::Task task = ada_.Create("one");
  ASSERT_TRUE(watcher.WaitFor(2));
  EXPECT_EQ(watcher.messages()[1].task().SerializeAsString(), task.SerializeAsString());
  ASSERT_TRUE(ada_.Update(task.id(), TaskOf("two")).ok());
  ASSERT_TRUE(watcher.WaitFor(3));
  ASSERT_TRUE(ada_.Delete(task.id()).ok());
  ASSERT_TRUE(watcher.WaitFor(4));
  ada_.CreateList("Home");
  ASSERT_TRUE(watcher.WaitFor(5));
  EXPECT_THAT(watcher.Told(), ElementsAre("one", "two", "[two]"));
  EXPECT_EQ(watcher.messages()[4].task_list().name(), "Home");
}

TEST_F(WatchTest, TakenUpAgainFromAnyEventItMissesNothing) {
  auto watcher = std::make_unique<TaskWatcher>(todo_.channel(), "ada");
  ASSERT_TRUE(watcher->WaitFor(1));
  // More than are read at a time.
  for (int i = 0; i < 130; ++i) ada_.Create(absl::StrCat(i));
  ASSERT_TRUE(watcher->WaitFor(131));
  const std::vector<v1::WatchTasksResponse> messages = watcher->messages();
  watcher = nullptr;
  const std::string last_id = ada_.Create("130").id();
  for (const size_t from : {size_t{0}, size_t{1}, size_t{64}, size_t{130}}) {
    TaskWatcher again(todo_.channel(), "ada", messages[from].event_id());
    ASSERT_TRUE(again.WaitFor(132 - from)) << from;
    std::vector<std::string> expected;
    for (size_t i = from; i <= 130; ++i) expected.push_back(absl::StrCat(i));
    EXPECT_EQ(again.Told(), expected);
  }
}

TEST_F(WatchTest, ASyncTokenIsAnEventId) {
  std::string token;
  ada_.Sync(&token);
  ada_.Create("since");
  TaskWatcher watcher(todo_.channel(), "ada", token);
  ASSERT_TRUE(watcher.WaitFor(2));
  EXPECT_THAT(watcher.Told(), ElementsAre("since"));
  token = watcher.messages().back().event_id();
  EXPECT_EQ(ada_.Sync(&token).tasks_size(), 0);
}

class ReplicasTest : public ::testing::TestWithParam<bool> {};

// A change made through either reaches the streams of both, and a stream that moves to the other one misses nothing.
TEST_P(ReplicasTest, AChangeThroughEitherReachesBoth) {
  RunningTodo todo({.listens = GetParam()});
  const std::unique_ptr<TodoServer> replica = todo.StartReplica();
  const auto other_channel = RunningTodo::ChannelTo(*replica);
  const auto other_stub = v1::TaskService::NewStub(other_channel);
  const auto create_there = [&](const std::string& title) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer token-of-ada");
    v1::CreateTaskRequest request;
    request.set_user_id("ada");
    request.mutable_task()->set_title(title);
    v1::CreateTaskResponse response;
    EXPECT_TRUE(other_stub->CreateTask(&context, request, &response).ok());
  };
  auto here = std::make_unique<TaskWatcher>(todo.channel(), "ada");
  TaskWatcher there(other_channel, "ada");
  ASSERT_TRUE(here->WaitFor(1) && there.WaitFor(1));
  todo.Create("ada", "made here");
  ASSERT_TRUE(here->WaitFor(2) && there.WaitFor(2));
  create_there("made there");
  ASSERT_TRUE(here->WaitFor(3) && there.WaitFor(3));
  EXPECT_THAT(here->Told(), ElementsAre("made here", "made there"));
  EXPECT_THAT(there.Told(), ElementsAre("made here", "made there"));
  const std::string last = here->messages().back().event_id();
  here = nullptr;
  create_there("missed");
  TaskWatcher moved(other_channel, "ada", last);
  ASSERT_TRUE(moved.WaitFor(2));
  EXPECT_THAT(moved.Told(), ElementsAre("missed"));
}

INSTANTIATE_TEST_SUITE_P(ListeningAndNot, ReplicasTest, ::testing::Bool());

TEST(Listening, TellsOtherReplicasLongBeforeTheyLookForThemselves) {
  RunningTodo todo;
  const std::unique_ptr<TodoServer> replica = todo.StartReplica();
  TaskWatcher there(RunningTodo::ChannelTo(*replica), "ada");
  ASSERT_TRUE(there.WaitFor(1));
  ASSERT_TRUE(Eventually([&] {
    return todo.database().Value(
               "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'listen%' AND datname = current_database()") !=
           "0";
  }));
  std::vector<absl::Duration> delays;
  for (size_t i = 0; i < 20; ++i) {
    const absl::Time start = absl::Now();
    todo.Create("ada", "Buy milk");
    ASSERT_TRUE(there.WaitFor(2 + i));
    delays.push_back(absl::Now() - start);
  }
  std::sort(delays.begin(), delays.end());
  EXPECT_LT(delays[10], absl::Milliseconds(250));
}

TEST(Listening, GoesOnAfterItsConnectionWasKilled) {
  RunningTodo todo;
  const std::unique_ptr<TodoServer> replica = todo.StartReplica();
  TaskWatcher there(RunningTodo::ChannelTo(*replica), "ada");
  ASSERT_TRUE(there.WaitFor(1));
  for (size_t round = 0; round < 3; ++round) {
    todo.database().Value(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query ILIKE 'listen%' AND "
        "datname = current_database()");
    todo.Create("ada", "Buy milk");
    ASSERT_TRUE(there.WaitFor(2 + round));
  }
}

}  // namespace
}  // namespace todo::testing
