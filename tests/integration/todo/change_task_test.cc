// ReplaceTask and UpdateTask.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/todo/call_results.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr char kUnknownId[] = "0190b1a8-6f5e-7cc3-9d0a-000000000000";

class ChangeTaskTest : public ::testing::Test {
 protected:
  ChangeTaskTest() {
    v1::Task task;
    task.set_title("Buy milk");
    task.set_description("two litres");
    task.set_priority(v1::PRIORITY_HIGH);
    task.set_due_date("2024-05-01");
    task_ = todo_.Create("ada", task);
  }

  grpc::Status Replace(const v1::Task& content, v1::Task* replaced = nullptr, const std::string& id = "") {
    v1::ReplaceTaskRequest request;
    request.set_user_id("ada");
    request.set_task_id(id.empty() ? task_.id() : id);
    *request.mutable_task() = content;
    v1::ReplaceTaskResponse response;
    const grpc::Status status = todo_.Call(&Stub::ReplaceTask, "ada", request, &response);
    if (replaced != nullptr) *replaced = response.task();
    return status;
  }

  grpc::Status Update(const v1::Task& content, const std::vector<std::string>& mask, v1::Task* updated = nullptr,
                      const std::string& id = "") {
    v1::UpdateTaskRequest request;
    request.set_user_id("ada");
    request.set_task_id(id.empty() ? task_.id() : id);
    *request.mutable_task() = content;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    v1::UpdateTaskResponse response;
    const grpc::Status status = todo_.Call(&Stub::UpdateTask, "ada", request, &response);
    if (updated != nullptr) *updated = response.task();
    return status;
  }

  void ExpectUntouched() {
    v1::Task stored;
    ASSERT_TRUE(todo_.Get("ada", task_.id(), &stored).ok());
    EXPECT_EQ(stored.SerializeAsString(), task_.SerializeAsString());
  }

  static v1::Task Content(const std::string& title) {
    v1::Task content;
    content.set_title(title);
    content.set_is_completed(false);
    return content;
  }

  RunningTodo todo_;
  v1::Task task_;
};

TEST_F(ChangeTaskTest, AnUnknownTaskIsNotFound) {
  EXPECT_EQ(Replace(Content("x"), nullptr, kUnknownId).error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(Update(Content("x"), {"title"}, nullptr, kUnknownId).error_code(), grpc::NOT_FOUND);
}

TEST_F(ChangeTaskTest, AnUnknownTaskIsNotFoundWhateverTheEtag) {
  v1::Task content = Content("x");
  content.set_etag("1");
  EXPECT_EQ(Replace(content, nullptr, kUnknownId).error_code(), grpc::NOT_FOUND);
}

TEST_F(ChangeTaskTest, RefusesAnIdThatIsNoUuid) {
  EXPECT_THAT(ViolationsOf(Replace(Content("x"), nullptr, "7")), ElementsAre("task_id"));
  EXPECT_THAT(ViolationsOf(Update(Content("x"), {"title"}, nullptr, "7")), ElementsAre("task_id"));
}

TEST_F(ChangeTaskTest, ReplacingNeedsTitleAndCompletion) {
  EXPECT_THAT(ViolationsOf(Replace(v1::Task())), UnorderedElementsAre("task.title", "task.is_completed"));
  ExpectUntouched();
}

TEST_F(ChangeTaskTest, AStaleEtagIsAConflictAndWritesNothing) {
  v1::Task content = Content("Buy bread");
  for (const char* etag : {"0", "999", "nonsense", "\"1\"", "01", " 1"}) {
    content.set_etag(etag);
    for (const grpc::Status& status :
         {Replace(content), Update(content, {}), Update(content, {"title", "etag"}), Update(content, {"title"})}) {
      EXPECT_EQ(status.error_code(), grpc::ABORTED) << etag;
      EXPECT_EQ(ReasonOf(status), "todo.v1/CONFLICT") << etag;
    }
  }
  ExpectUntouched();
}

TEST_F(ChangeTaskTest, NamesOutputOnlyFieldsThatDifferAndWritesNothing) {
  v1::Task content = Content("Buy bread");
  *content.mutable_created_at() = task_.created_at();
  content.mutable_created_at()->set_seconds(task_.created_at().seconds() + 1);
  content.mutable_updated_at()->set_seconds(0);
  content.mutable_completed_at()->set_seconds(0);
  EXPECT_THAT(ViolationsOf(Replace(content)), ElementsAre("task.created_at", "task.updated_at", "task.completed_at"));
  EXPECT_THAT(ViolationsOf(Update(content, {})),
              ElementsAre("task.created_at", "task.updated_at", "task.completed_at"));
  EXPECT_THAT(ViolationsOf(Update(content, {"title", "completed_at"})), ElementsAre("task.completed_at"));
  ExpectUntouched();
}

TEST_F(ChangeTaskTest, TakesBackWhatItGaveOut) {
  v1::Task content = task_;
  content.set_title("Buy bread");
  v1::Task replaced;
  const grpc::Status status = Replace(content, &replaced);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(replaced.title(), "Buy bread");
  content = replaced;
  content.set_title("Buy butter");
  ASSERT_TRUE(Update(content, {"id", "user_id", "title", "created_at", "updated_at", "completed_at", "etag"}).ok());
}

TEST_F(ChangeTaskTest, ReplacingClearsWhatIsNotSentExceptThePriority) {
  v1::Task replaced;
  ASSERT_TRUE(Replace(Content("Buy bread"), &replaced).ok());
  EXPECT_EQ(replaced.title(), "Buy bread");
  EXPECT_FALSE(replaced.has_description());
  EXPECT_FALSE(replaced.has_due_date());
  EXPECT_EQ(replaced.priority(), v1::PRIORITY_HIGH);
  EXPECT_EQ(replaced.created_at().SerializeAsString(), task_.created_at().SerializeAsString());
  EXPECT_NE(replaced.etag(), task_.etag());
  EXPECT_NE(replaced.updated_at().SerializeAsString(), task_.updated_at().SerializeAsString());
}

TEST_F(ChangeTaskTest, UpdatingChangesWhatTheMaskNamesAndNothingElse) {
  v1::Task content;
  content.set_title("Buy bread");
  content.set_due_date("2025-01-01");
  v1::Task updated;
  ASSERT_TRUE(Update(content, {"due_date", "description"}, &updated).ok());
  EXPECT_EQ(updated.title(), "Buy milk");
  EXPECT_FALSE(updated.has_description());
  EXPECT_EQ(updated.due_date(), "2025-01-01");
  EXPECT_EQ(updated.priority(), v1::PRIORITY_HIGH);
}

TEST_F(ChangeTaskTest, UpdatingWithoutAMaskChangesWhatIsSet) {
  v1::Task content;
  content.set_priority(v1::PRIORITY_LOW);
  v1::Task updated;
  ASSERT_TRUE(Update(content, {}, &updated).ok());
  EXPECT_EQ(updated.priority(), v1::PRIORITY_LOW);
  EXPECT_EQ(updated.title(), "Buy milk");
  EXPECT_EQ(updated.description(), "two litres");
  EXPECT_EQ(updated.due_date(), "2024-05-01");
}

TEST_F(ChangeTaskTest, AChangeThatChangesNothingLeavesTheTaskAsItIs) {
  v1::Task unchanged;
  ASSERT_TRUE(Update(v1::Task(), {}, &unchanged).ok());
  EXPECT_EQ(unchanged.SerializeAsString(), task_.SerializeAsString());
  ASSERT_TRUE(Replace(task_, &unchanged).ok());
  EXPECT_EQ(unchanged.SerializeAsString(), task_.SerializeAsString());
  ExpectUntouched();
}

TEST_F(ChangeTaskTest, CompletionSetsAndClearsItsTime) {
  v1::Task content;
  content.set_is_completed(true);
  v1::Task completed;
  ASSERT_TRUE(Update(content, {}, &completed).ok());
  EXPECT_EQ(completed.completed_at().SerializeAsString(), completed.updated_at().SerializeAsString());
  content.set_title("Buy bread");
  v1::Task renamed;
  ASSERT_TRUE(Update(content, {}, &renamed).ok());
  EXPECT_EQ(renamed.completed_at().SerializeAsString(), completed.completed_at().SerializeAsString());
  content.set_is_completed(false);
  v1::Task pending;
  ASSERT_TRUE(Update(content, {}, &pending).ok());
  EXPECT_FALSE(pending.has_completed_at());
}

}  // namespace
}  // namespace todo::testing
