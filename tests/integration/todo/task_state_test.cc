// ToggleTask, CompleteTask and DeleteTask.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/todo/call_results.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;

constexpr char kUnknownId[] = "0190b1a8-6f5e-7cc3-9d0a-000000000000";

class TaskStateTest : public ::testing::Test {
 protected:
  grpc::Status Toggle(const std::string& id, v1::Task* task = nullptr) {
    return Run<v1::ToggleTaskRequest, v1::ToggleTaskResponse>(&Stub::ToggleTask, id, task);
  }

  grpc::Status Complete(const std::string& id, v1::Task* task = nullptr) {
    return Run<v1::CompleteTaskRequest, v1::CompleteTaskResponse>(&Stub::CompleteTask, id, task);
  }

  grpc::Status Delete(const std::string& id) {
    v1::DeleteTaskRequest request;
    request.set_user_id("ada");
    request.set_task_id(id);
    v1::DeleteTaskResponse response;
    return todo_.Call(&Stub::DeleteTask, "ada", request, &response);
  }

  RunningTodo todo_;
  const v1::Task task_ = todo_.Create("ada", "Buy milk");

 private:
  template <typename Request, typename Response, typename Method>
  grpc::Status Run(Method method, const std::string& id, v1::Task* task) {
    Request request;
    request.set_user_id("ada");
    request.set_task_id(id);
    Response response;
    const grpc::Status status = todo_.Call(method, "ada", request, &response);
    if (task != nullptr) *task = response.task();
    return status;
  }
};

TEST_F(TaskStateTest, AnUnknownTaskIsNotFound) {
  for (const grpc::Status& status : {Toggle(kUnknownId), Complete(kUnknownId), Delete(kUnknownId)}) {
    EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
    EXPECT_EQ(ReasonOf(status), "todo.v1/NOT_FOUND");
  }
}

TEST_F(TaskStateTest, AnIdThatIsNoUuidIsAFieldViolation) {
  for (const grpc::Status& status : {Toggle("7"), Complete("7"), Delete("7"), todo_.Get("ada", "7")}) {
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_THAT(ViolationsOf(status), ElementsAre("task_id"));
  }
}

TEST_F(TaskStateTest, TogglingTurnsBackAndForth) {
  v1::Task completed;
  ASSERT_TRUE(Toggle(task_.id(), &completed).ok());
  EXPECT_TRUE(completed.is_completed());
  EXPECT_EQ(completed.completed_at().SerializeAsString(), completed.updated_at().SerializeAsString());
  EXPECT_NE(completed.etag(), task_.etag());
  v1::Task pending;
  ASSERT_TRUE(Toggle(task_.id(), &pending).ok());
  EXPECT_FALSE(pending.is_completed());
  EXPECT_FALSE(pending.has_completed_at());
  EXPECT_NE(pending.etag(), completed.etag());
}

TEST_F(TaskStateTest, CompletingTwiceLeavesTheTaskExactlyAsItIs) {
  v1::Task once, twice;
  ASSERT_TRUE(Complete(task_.id(), &once).ok());
  EXPECT_TRUE(once.is_completed());
  ASSERT_TRUE(Complete(task_.id(), &twice).ok());
  EXPECT_EQ(twice.SerializeAsString(), once.SerializeAsString());
}

TEST_F(TaskStateTest, ADeletedTaskIsNowhere) {
  ASSERT_TRUE(Delete(task_.id()).ok());
  for (const grpc::Status& status :
       {todo_.Get("ada", task_.id()), Toggle(task_.id()), Complete(task_.id()), Delete(task_.id())}) {
    EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
  }
  v1::ListTasksRequest request;
  request.set_user_id("ada");
  v1::ListTasksResponse response;
  ASSERT_TRUE(todo_.List(request, &response).ok());
  EXPECT_EQ(response.items_size(), 0);
  EXPECT_EQ(response.count(), 0);
  EXPECT_EQ(todo_.Metrics("ada").total(), 0);
  // In the trash, not gone.
  EXPECT_EQ(todo_.database().Value("SELECT count(*) FROM todo.tasks WHERE deleted_at IS NOT NULL"), "1");
}

TEST_F(TaskStateTest, TakesAnIdInUpperCase) {
  std::string upper_case = task_.id();
  for (char& c : upper_case) c = static_cast<char>(toupper(c));
  v1::Task task;
  ASSERT_TRUE(Complete(upper_case, &task).ok());
  EXPECT_EQ(task.id(), task_.id());
}

}  // namespace
}  // namespace todo::testing
