// How many statements a call sends: a list, a get or a write is one round trip to PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/api_user.h"
#include "tests/support/todo/postgres_cluster.h"

namespace todo::testing {
namespace {

class RoundTripsTest : public ::testing::Test {
 protected:
  RoundTripsTest() {
    todo_.database().Execute("CREATE EXTENSION pg_stat_statements");
    task_ = ada_.Create("Buy milk").id();
    list_ = ada_.CreateList("Home").id();
  }

  // The statements of the service's role, those aside that no call sends: what readiness asks, and what replicas tell
  // each other.
  std::string Statements() {
    return todo_.database().Lines(
        absl::StrCat("SELECT calls || ' x ' || translate(query, chr(10), ' ') FROM pg_stat_statements WHERE userid = '",
                     todo_.database().service_role(),
                     "'::regrole AND query NOT LIKE '%schema_migrations%' AND query NOT LIKE '%pg_notify%'"));
  }

  // What `call` sends once its statement is prepared and what does not change is known.
  std::string SentBy(const std::function<grpc::Status()>& call) {
    EXPECT_TRUE(call().ok());
    todo_.database().Execute("SELECT pg_stat_statements_reset()");
    const grpc::Status status = call();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return Statements();
  }

  // Sends `request` as ada.
  template <typename Method, typename Request, typename Response>
  std::function<grpc::Status()> Calling(Method method, Request request, Response response) {
    return [=, this]() mutable { return ada_.Send(method, request, &response); };
  }
  template <typename Method, typename Request, typename Response>
  std::function<grpc::Status()> CallingLists(Method method, Request request, Response response) {
    request.set_user_id("ada");
    return [=, this]() mutable { return todo_.CallLists(method, "ada", request, &response); };
  }
  template <typename Request>
  Request OfTask() {
    Request request;
    request.set_task_id(task_);
    return request;
  }
  template <typename Request>
  Request OfList() {
    Request request;
    request.set_list_id(list_);
    return request;
  }

  PostgresCluster cluster_{{"shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track=top"}};
  // One connection, so that a statement that was prepared once is prepared.
  RunningTodo todo_{{.pool_size = 1, .server_url = cluster_.url()}};
  ApiUser ada_{todo_, "ada"};
  std::string task_;
  std::string list_;
};

TEST_F(RoundTripsTest, AListAGetAndAWriteAreOneEach) {
  v1::CreateTaskRequest create;
  create.mutable_task()->set_title("Buy bread");
  create.mutable_task()->add_tags("home");
  create.mutable_task()->set_due_date("2025-01-01");
  create.mutable_task()->set_time_zone("Europe/Berlin");
  v1::CreateTaskRequest create_with_key = create;
  create_with_key.mutable_task()->set_list_id(list_);
  create_with_key.set_idempotency_key("key");
  auto replace = OfTask<v1::ReplaceTaskRequest>();
  replace.mutable_task()->set_title("Buy milk");
  replace.mutable_task()->set_is_completed(false);
  auto update = OfTask<v1::UpdateTaskRequest>();
  update.mutable_task()->set_title("Buy oat milk");
  v1::BatchCreateTasksRequest batch;
  for (int i = 0; i < 100; ++i) batch.add_tasks()->set_title("Buy butter");
  v1::ImportTasksRequest import;
  for (int i = 0; i < 1000; ++i) import.add_tasks()->set_title("Buy cheese");
  v1::ListTasksRequest filtered;
  filtered.set_search("milk");
  filtered.set_time_zone("Europe/Berlin");
  v1::CreateTaskListRequest create_list;
  create_list.mutable_task_list()->set_name("Work");
  auto update_list = OfList<v1::UpdateTaskListRequest>();
  update_list.mutable_task_list()->set_name("House");
  v1::GetTagRequest tag;
  tag.set_tag("home");
  const std::pair<const char*, std::function<grpc::Status()>> kCalls[] = {
      {"CreateTask", Calling(&Stub::CreateTask, create, v1::CreateTaskResponse())},
      {"CreateTask with a key", Calling(&Stub::CreateTask, create_with_key, v1::CreateTaskResponse())},
      {"ListTasks", Calling(&Stub::ListTasks, v1::ListTasksRequest(), v1::ListTasksResponse())},
      {"ListTasks, filtered", Calling(&Stub::ListTasks, filtered, v1::ListTasksResponse())},
      {"GetTaskMetrics", Calling(&Stub::GetTaskMetrics, v1::GetTaskMetricsRequest(), v1::GetTaskMetricsResponse())},
      {"GetTask", Calling(&Stub::GetTask, OfTask<v1::GetTaskRequest>(), v1::GetTaskResponse())},
      {"ReplaceTask", Calling(&Stub::ReplaceTask, replace, v1::ReplaceTaskResponse())},
      {"UpdateTask", Calling(&Stub::UpdateTask, update, v1::UpdateTaskResponse())},
      {"ToggleTask", Calling(&Stub::ToggleTask, OfTask<v1::ToggleTaskRequest>(), v1::ToggleTaskResponse())},
      {"CompleteTask", Calling(&Stub::CompleteTask, OfTask<v1::CompleteTaskRequest>(), v1::CompleteTaskResponse())},
      {"UndeleteTask", Calling(&Stub::UndeleteTask, OfTask<v1::UndeleteTaskRequest>(), v1::UndeleteTaskResponse())},
      {"BatchCreateTasks", Calling(&Stub::BatchCreateTasks, batch, v1::BatchCreateTasksResponse())},
      {"ImportTasks", Calling(&Stub::ImportTasks, import, v1::ImportTasksResponse())},
      {"SyncTasks", Calling(&Stub::SyncTasks, v1::SyncTasksRequest(), v1::SyncTasksResponse())},
      {"ListTags", Calling(&Stub::ListTags, v1::ListTagsRequest(), v1::ListTagsResponse())},
      {"GetTag", Calling(&Stub::GetTag, tag, v1::GetTagResponse())},
      {"CreateTaskList", CallingLists(&ListStub::CreateTaskList, create_list, v1::CreateTaskListResponse())},
      {"ListTaskLists",
       CallingLists(&ListStub::ListTaskLists, v1::ListTaskListsRequest(), v1::ListTaskListsResponse())},
      {"GetTaskList",
       CallingLists(&ListStub::GetTaskList, OfList<v1::GetTaskListRequest>(), v1::GetTaskListResponse())},
      {"UpdateTaskList", CallingLists(&ListStub::UpdateTaskList, update_list, v1::UpdateTaskListResponse())}};
  for (const auto& [name, call] : kCalls) {
    EXPECT_THAT(SentBy(call), ::testing::MatchesRegex("1 x [^\n]*\n")) << name;
  }
}

TEST_F(RoundTripsTest, ADeleteIsOne) {
  const std::string doomed = ada_.Create("Buy jam").id();
  ASSERT_TRUE(ada_.Delete(ada_.Create("Buy salt").id()).ok());
  todo_.database().Execute("SELECT pg_stat_statements_reset()");
  ASSERT_TRUE(ada_.Delete(doomed).ok());
  EXPECT_THAT(Statements(), ::testing::MatchesRegex("1 x [^\n]*\n"));
}

}  // namespace
}  // namespace todo::testing
