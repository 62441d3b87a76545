#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/todo/uuid.h"
#include "tests/support/todo/call_results.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;

class CreateTaskTest : public ::testing::Test {
 protected:
  RunningTodo todo_;
};

TEST_F(CreateTaskTest, NamesEveryFieldAtFaultAndWritesNothing) {
  v1::CreateTaskRequest request;
  request.set_user_id("ada");
  request.mutable_task()->set_due_date("soon");
  v1::CreateTaskResponse response;
  const grpc::Status status = todo_.Call(&Stub::CreateTask, "ada", request, &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(ViolationsOf(status), ElementsAre("task.title", "task.due_date"));
  EXPECT_EQ(todo_.database().Value("SELECT count(*) FROM todo.tasks"), "0");
}

TEST_F(CreateTaskTest, AnswersWhatItStores) {
  v1::Task task;
  task.set_title("  Buy \xf0\x9f\xa5\x9b ");
  task.set_description("two\nlitres\t' \" \\ -- ; DROP TABLE todo.tasks");
  task.set_is_completed(true);
  task.set_priority(v1::PRIORITY_HIGH);
  task.set_due_date("0001-01-01");
  const v1::Task created = todo_.Create("ada", task);
  EXPECT_TRUE(IsUuid(created.id()));
  EXPECT_EQ(created.user_id(), "ada");
  EXPECT_EQ(created.title(), "Buy \xf0\x9f\xa5\x9b");
  EXPECT_EQ(created.description(), task.description());
  EXPECT_TRUE(created.is_completed());
  EXPECT_EQ(created.priority(), v1::PRIORITY_HIGH);
  EXPECT_EQ(created.due_date(), "0001-01-01");
  EXPECT_EQ(created.completed_at().SerializeAsString(), created.created_at().SerializeAsString());
  EXPECT_EQ(created.updated_at().SerializeAsString(), created.created_at().SerializeAsString());
  EXPECT_FALSE(created.etag().empty());
  v1::Task stored;
  ASSERT_TRUE(todo_.Get("ada", created.id(), &stored).ok());
  EXPECT_EQ(stored.SerializeAsString(), created.SerializeAsString());
}

TEST_F(CreateTaskTest, FillsInTheDefaults) {
  const v1::Task created = todo_.Create("ada", "Buy milk");
  EXPECT_FALSE(created.has_description());
  EXPECT_TRUE(created.has_is_completed());
  EXPECT_FALSE(created.is_completed());
  EXPECT_EQ(created.priority(), v1::PRIORITY_MEDIUM);
  EXPECT_FALSE(created.has_due_date());
  EXPECT_FALSE(created.has_completed_at());
}

TEST_F(CreateTaskTest, TakesEveryFieldAtItsLimit) {
  v1::Task task;
  std::string title, description;
  for (int i = 0; i < 255; ++i) title += "\xf0\x9f\x98\x80";
  for (int i = 0; i < 2000; ++i) description += "\xf0\x9f\x98\x80";
  task.set_title(title);
  task.set_description(description);
  task.set_due_date("9999-12-31");
  const v1::Task created = todo_.Create(std::string(255, 'u'), task);
  EXPECT_EQ(created.title(), title);
  EXPECT_EQ(created.description(), description);
  EXPECT_EQ(created.due_date(), "9999-12-31");
}

TEST_F(CreateTaskTest, KeepsTheTimeToTheMicrosecond) {
  const v1::Task created = todo_.Create("ada", "Buy milk");
  const std::string stored = todo_.database().Value(
      "SELECT (extract(epoch FROM created_at) * 1000000)::bigint FROM todo.tasks WHERE user_id = 'ada'");
  EXPECT_EQ(std::to_string(created.created_at().seconds() * 1000000 + created.created_at().nanos() / 1000), stored);
}

TEST_F(CreateTaskTest, AnswersTheSameWhateverTheSessionSettings) {
  todo_.database().Execute("ALTER DATABASE " + todo_.database().name() +
                           " SET datestyle = 'German, DMY'; ALTER DATABASE " + todo_.database().name() +
                           " SET timezone = 'Asia/Kolkata'");
  v1::Task task;
  task.set_title("Buy milk");
  task.set_due_date("2024-02-03");
  const v1::Task created = todo_.Create("ada", task);
  EXPECT_EQ(created.due_date(), "2024-02-03");
  v1::Task stored;
  ASSERT_TRUE(todo_.Get("ada", created.id(), &stored).ok());
  EXPECT_EQ(stored.SerializeAsString(), created.SerializeAsString());
}

}  // namespace
}  // namespace todo::testing
