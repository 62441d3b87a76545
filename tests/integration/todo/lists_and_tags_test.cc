#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/todo/batch_validation.h"
#include "tests/support/todo/api_user.h"
#include "tests/support/todo/call_results.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kUnknownId[] = "0190b1a8-6f5e-7cc3-9d0a-000000000000";

class ListsTest : public ::testing::Test {
 protected:
  grpc::Status Update(const std::string& id, const std::string& name, const std::string& etag = "",
                      const std::string& if_match = "", v1::TaskList* list = nullptr) {
    v1::UpdateTaskListRequest request;
    request.set_user_id("ada");
    request.set_list_id(id);
    request.mutable_task_list()->set_name(name);
    request.mutable_task_list()->set_etag(etag);
    request.set_etag(if_match);
    v1::UpdateTaskListResponse response;
    const grpc::Status status = todo_.CallLists(&ListStub::UpdateTaskList, "ada", request, &response);
    if (list != nullptr) *list = response.task_list();
    return status;
  }

  v1::Task CreateIn(const std::string& list_id) {
    v1::Task task = TaskOf("Buy milk");
    task.set_list_id(list_id);
    return ada_.Create(task);
  }

  RunningTodo todo_;
  ApiUser ada_{todo_, "ada"};
};

TEST_F(ListsTest, AListThatIsNotThereIsNotFoundAndNoPlaceForATask) {
  EXPECT_EQ(Update(kUnknownId, "Home").error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(ada_.DeleteList(kUnknownId).error_code(), grpc::NOT_FOUND);
  ApiUser bob(todo_, "bob");
  const std::vector<std::string> ids = {kUnknownId, bob.CreateList("His").id()};
  for (const std::string& id : ids) {
    v1::CreateTaskRequest request;
    *request.mutable_task() = TaskOf("Buy milk");
    request.mutable_task()->set_list_id(id);
    EXPECT_THAT(ViolationsOf(ada_.Create(request, nullptr)), ElementsAre("task.list_id"));
    v1::Task content;
    content.set_list_id(id);
    EXPECT_THAT(ViolationsOf(ada_.Update(ada_.Create("x").id(), content)), ElementsAre("task.list_id"));
    EXPECT_EQ(ada_.DeleteList(id).error_code(), grpc::NOT_FOUND);
  }
}

TEST_F(ListsTest, NamesEveryFieldAtFault) {
  v1::CreateTaskListRequest request;
  request.set_user_id("ada");
  request.mutable_task_list()->set_id(kUnknownId);
  request.mutable_task_list()->set_etag("1");
  request.mutable_task_list()->set_position("0");
  v1::CreateTaskListResponse response;
  EXPECT_THAT(ViolationsOf(todo_.CallLists(&ListStub::CreateTaskList, "ada", request, &response)),
              ElementsAre("task_list.id", "task_list.etag", "task_list.name", "task_list.position"));
}

TEST_F(ListsTest, AStaleEtagIsAConflict) {
  const v1::TaskList list = ada_.CreateList("Home");
  ASSERT_TRUE(Update(list.id(), "House", list.etag()).ok());
  EXPECT_EQ(ReasonOf(Update(list.id(), "Flat", list.etag())), "todo.v1/CONFLICT");
  EXPECT_EQ(ReasonOf(Update(list.id(), "Flat", "", list.etag())), "todo.v1/PRECONDITION_FAILED");
  EXPECT_THAT(ada_.ListNames(), ElementsAre("House"));
}

TEST_F(ListsTest, AChangeThatChangesNothingLeavesTheListAsItIs) {
  const v1::TaskList list = ada_.CreateList("Home");
  v1::TaskList unchanged;
  ASSERT_TRUE(Update(list.id(), "Home", "", "", &unchanged).ok());
  EXPECT_EQ(unchanged.SerializeAsString(), list.SerializeAsString());
}

TEST_F(ListsTest, AreInTheOrderOfTheirPositions) {
  ada_.CreateList("b");
  ada_.CreateList("a");
  EXPECT_THAT(ada_.ListNames(), ElementsAre("b", "a"));
}

TEST_F(ListsTest, DeletingAListLeavesItsTasks) {
  const v1::TaskList list = ada_.CreateList("Home");
  const v1::Task task = CreateIn(list.id());
  const v1::Task trashed = CreateIn(list.id());
  ASSERT_TRUE(ada_.Delete(trashed.id()).ok());
  ASSERT_TRUE(ada_.DeleteList(list.id()).ok());
  EXPECT_THAT(ada_.ListNames(), IsEmpty());
  v1::Task left;
  ASSERT_TRUE(todo_.Get("ada", task.id(), &left).ok());
  EXPECT_FALSE(left.has_list_id());
  EXPECT_NE(left.etag(), task.etag());
  ASSERT_TRUE(ada_.Undelete(trashed.id(), &left).ok());
  EXPECT_FALSE(left.has_list_id());
  EXPECT_EQ(ada_.DeleteList(list.id()).error_code(), grpc::NOT_FOUND);
}

TEST_F(ListsTest, ThereAreTwoHundredAtMost) {
  todo_.database().Execute(
      absl::StrCat("INSERT INTO todo.task_lists (user_id, id, name, position, revision) SELECT 'ada', "
                   "gen_random_uuid(), 'x', 'a0', i FROM "
                   "generate_series(1, ",
                   kMaxLists - 1, ") AS i; INSERT INTO todo.user_counters VALUES ('ada', 500, 0, 0, 0, 0, 0, 0)"));
  const v1::TaskList last = ada_.CreateList("the last one");
  v1::CreateTaskListRequest request;
  request.set_user_id("ada");
  request.mutable_task_list()->set_name("one too many");
  v1::CreateTaskListResponse response;
  const grpc::Status status = todo_.CallLists(&ListStub::CreateTaskList, "ada", request, &response);
  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(status), "todo.v1/CONFLICT");
  ASSERT_TRUE(ada_.DeleteList(last.id()).ok());
  EXPECT_TRUE(todo_.CallLists(&ListStub::CreateTaskList, "ada", request, &response).ok());
}

class TagsTest : public ListsTest {};

TEST_F(TagsTest, ATagThatNoTaskHasIsNotFound) {
  v1::GetTagRequest get;
  get.set_tag("home");
  v1::GetTagResponse got;
  EXPECT_EQ(ada_.Send(&Stub::GetTag, get, &got).error_code(), grpc::NOT_FOUND);
  v1::DeleteTagRequest remove;
  remove.set_tag("home");
  v1::DeleteTagResponse removed;
  EXPECT_EQ(ada_.Send(&Stub::DeleteTag, remove, &removed).error_code(), grpc::NOT_FOUND);
}

TEST_F(TagsTest, AreCountedThroughEveryChange) {
  const v1::Task task = ada_.Create(TaskOf("one", {"b", "a", "b"}));
  EXPECT_THAT(task.tags(), ElementsAre("b", "a"));
  const v1::Task other = ada_.Create(TaskOf("two", {"a"}));
  EXPECT_THAT(ada_.Tags(), ElementsAre("a:2", "b:1"));
  v1::Task content;
  *content.add_tags() = std::string("c");
  ASSERT_TRUE(ada_.Update(task.id(), content).ok());
  EXPECT_THAT(ada_.Tags(), ElementsAre("a:1", "c:1"));
  ASSERT_TRUE(ada_.Delete(other.id()).ok());
  EXPECT_THAT(ada_.Tags(), ElementsAre("c:1"));
  ASSERT_TRUE(ada_.Undelete(other.id()).ok());
  EXPECT_THAT(ada_.Tags(), ElementsAre("a:1", "c:1"));
  ASSERT_TRUE(ada_.Update(task.id(), {}, {"tags"}).ok());
  EXPECT_THAT(ada_.Tags(), ElementsAre("a:1"));
}

TEST_F(TagsTest, DeletingATagTakesItOffAllTasksTheTrashIncluded) {
  const v1::Task task = ada_.Create(TaskOf("one", {"a", "b"}));
  const v1::Task trashed = ada_.Create(TaskOf("two", {"a"}));
  ASSERT_TRUE(ada_.Delete(trashed.id()).ok());
  v1::DeleteTagRequest request;
  request.set_tag("a");
  v1::DeleteTagResponse response;
  ASSERT_TRUE(ada_.Send(&Stub::DeleteTag, request, &response).ok());
  EXPECT_THAT(ada_.Tags(), ElementsAre("b:1"));
  v1::Task left;
  ASSERT_TRUE(ada_.Undelete(trashed.id(), &left).ok());
  EXPECT_THAT(left.tags(), IsEmpty());
  ASSERT_TRUE(todo_.Get("ada", task.id(), &left).ok());
  EXPECT_THAT(left.tags(), ElementsAre("b"));
}

}  // namespace
}  // namespace todo::testing
