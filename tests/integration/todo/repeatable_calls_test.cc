// Etags, idempotency keys, batches, the trash and the rate: what guards writes against each other and against being
// sent twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/api_user.h"
#include "tests/support/todo/call_results.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kUnknownId[] = "0190b1a8-6f5e-7cc3-9d0a-000000000000";

class RepeatableCallsTest : public ::testing::Test {
 protected:
  static v1::CreateTaskRequest CreateWithKey(const std::string& title, const std::string& key) {
    v1::CreateTaskRequest request;
    request.mutable_task()->set_title(title);
    request.set_idempotency_key(key);
    return request;
  }

  int Count() { return ada_.List().count(); }

  RunningTodo todo_{{.pool_size = 8}};
  ApiUser ada_{todo_, "ada"};
};

TEST_F(RepeatableCallsTest, AKeyWithAnotherContentIsAFieldViolation) {
  ASSERT_TRUE(ada_.Create(CreateWithKey("Buy milk", "key"), nullptr).ok());
  EXPECT_THAT(ViolationsOf(ada_.Create(CreateWithKey("Buy bread", "key"), nullptr)), ElementsAre("idempotency_key"));
  v1::BatchCreateTasksRequest batch;
  batch.add_tasks()->set_title("Buy milk");
  batch.set_idempotency_key("key");
  v1::BatchCreateTasksResponse created;
  EXPECT_THAT(ViolationsOf(ada_.Send(&Stub::BatchCreateTasks, batch, &created)), ElementsAre("idempotency_key"));
  EXPECT_EQ(Count(), 1);
}

TEST_F(RepeatableCallsTest, AnErrorIsNotKept) {
  v1::ToggleTaskRequest request;
  request.set_task_id(kUnknownId);
  request.set_idempotency_key("key");
  v1::ToggleTaskResponse response;
  EXPECT_EQ(ada_.Send(&Stub::ToggleTask, request, &response).error_code(), grpc::NOT_FOUND);
  request.set_task_id(ada_.Create("Buy milk").id());
  EXPECT_TRUE(ada_.Send(&Stub::ToggleTask, request, &response).ok());
}

TEST_F(RepeatableCallsTest, TheFirstAnswerIsGivenAgainWhateverHappenedSince) {
  v1::Task first, again;
  v1::CreateTaskRequest request = CreateWithKey("Buy milk", "key");
  request.mutable_task()->add_tags("home");
  request.mutable_task()->set_due_date("2024-05-01");
  ASSERT_TRUE(ada_.Create(request, &first).ok());
  ASSERT_TRUE(ada_.Delete(first.id()).ok());
  ASSERT_TRUE(ada_.Create(request, &again).ok());
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(Count(), 0);
}

TEST_F(RepeatableCallsTest, AnAnswerFromBeforeAColumnWasThereIsStillGiven) {
  v1::Task first, again;
  ASSERT_TRUE(ada_.Create(CreateWithKey("Buy milk", "key"), &first).ok());
  todo_.database().Execute(
      "UPDATE todo.idempotency_keys SET answer = answer #- '{0,task,tags}' #- '{0,task,position}' #- "
      "'{0,task,priority}' "
      "#- '{0,task,updated_at}'");
  ASSERT_TRUE(ada_.Create(CreateWithKey("Buy milk", "key"), &again).ok());
  EXPECT_EQ(again.id(), first.id());
  EXPECT_THAT(again.tags(), IsEmpty());
}

TEST_F(RepeatableCallsTest, ATogglesKeyTogglesOnce) {
  v1::ToggleTaskRequest request;
  request.set_task_id(ada_.Create("Buy milk").id());
  request.set_idempotency_key("key");
  v1::ToggleTaskResponse response;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(ada_.Send(&Stub::ToggleTask, request, &response).ok());
    EXPECT_TRUE(response.task().is_completed());
  }
  request.set_idempotency_key("another-key");
  ASSERT_TRUE(ada_.Send(&Stub::ToggleTask, request, &response).ok());
  EXPECT_FALSE(response.task().is_completed());
}

TEST_F(RepeatableCallsTest, ManyAtOnceGiveOneTask) {
  std::set<std::string> ids;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      v1::Task task;
      EXPECT_TRUE(ada_.Create(CreateWithKey("Buy milk", "key"), &task).ok());
      const std::lock_guard lock(mutex);
      ids.insert(task.id());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(ids, SizeIs(1));
  EXPECT_EQ(Count(), 1);
}

TEST_F(RepeatableCallsTest, KeysAreAUsersOwnAndADayOld) {
  ApiUser bob(todo_, "bob");
  ASSERT_TRUE(ada_.Create(CreateWithKey("Buy milk", "key"), nullptr).ok());
  EXPECT_TRUE(bob.Create(CreateWithKey("Buy bread", "key"), nullptr).ok());
  todo_.database().Execute("UPDATE todo.idempotency_keys SET created_at = created_at - INTERVAL '24 hours'");
  EXPECT_TRUE(ada_.Create(CreateWithKey("Buy butter", "key"), nullptr).ok());
  EXPECT_EQ(Count(), 2);
}

TEST_F(RepeatableCallsTest, AnEtagThatIsNotCurrentFailsAndWritesNothing) {
  const v1::Task task = ada_.Create("Buy milk");
  v1::ToggleTaskRequest toggle;
  toggle.set_task_id(task.id());
  toggle.set_etag("999");
  v1::ToggleTaskResponse toggled;
  v1::CompleteTaskRequest complete;
  complete.set_task_id(task.id());
  complete.set_etag("nonsense");
  v1::CompleteTaskResponse completed;
  for (const grpc::Status& status : {ada_.Delete(task.id(), "2"), ada_.Send(&Stub::ToggleTask, toggle, &toggled),
                                     ada_.Send(&Stub::CompleteTask, complete, &completed)}) {
    EXPECT_EQ(status.error_code(), grpc::ABORTED);
    EXPECT_EQ(ReasonOf(status), "todo.v1/PRECONDITION_FAILED");
  }
  v1::Task unchanged;
  ASSERT_TRUE(todo_.Get("ada", task.id(), &unchanged).ok());
  EXPECT_EQ(unchanged.SerializeAsString(), task.SerializeAsString());
  EXPECT_TRUE(ada_.Delete(task.id(), task.etag()).ok());
}

TEST_F(RepeatableCallsTest, ABatchIsAllOrNothingAndNamesTheEntry) {
  const v1::Task task = ada_.Create("Buy milk");
  v1::BatchUpdateTasksRequest update;
  update.add_updates()->set_task_id(task.id());
  update.mutable_updates(0)->mutable_task()->set_title("Buy bread");
  update.add_updates()->set_task_id(kUnknownId);
  v1::BatchUpdateTasksResponse updated;
  grpc::Status status = ada_.Send(&Stub::BatchUpdateTasks, update, &updated);
  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("updates[1]"));
  update.mutable_updates(1)->set_task_id(ada_.Create("Buy butter").id());
  update.mutable_updates(1)->set_etag("1");
  status = ada_.Send(&Stub::BatchUpdateTasks, update, &updated);
  EXPECT_EQ(ReasonOf(status), "todo.v1/PRECONDITION_FAILED");
  EXPECT_THAT(status.error_message(), HasSubstr("updates[1]"));
  update.mutable_updates(1)->clear_etag();
  update.mutable_updates(1)->mutable_task()->set_list_id(kUnknownId);
  EXPECT_THAT(ViolationsOf(ada_.Send(&Stub::BatchUpdateTasks, update, &updated)),
              ElementsAre("updates[1].task.list_id"));
  v1::BatchDeleteTasksRequest remove;
  remove.add_deletions()->set_task_id(task.id());
  remove.add_deletions()->set_task_id(kUnknownId);
  v1::BatchDeleteTasksResponse removed;
  EXPECT_EQ(ada_.Send(&Stub::BatchDeleteTasks, remove, &removed).error_code(), grpc::NOT_FOUND);
  v1::BatchCreateTasksRequest create;
  create.add_tasks()->set_title("Buy eggs");
  create.add_tasks()->set_title("Buy oil");
  create.mutable_tasks(1)->set_list_id(kUnknownId);
  v1::BatchCreateTasksResponse created;
  EXPECT_THAT(ViolationsOf(ada_.Send(&Stub::BatchCreateTasks, create, &created)), ElementsAre("tasks[1].list_id"));
  EXPECT_THAT(ada_.Titles(), ElementsAre("Buy butter", "Buy milk"));
}

TEST_F(RepeatableCallsTest, ABatchIsAnsweredInItsOrderAndAgainForItsKey) {
  v1::BatchCreateTasksRequest create;
  for (int i = 0; i < 100; ++i) create.add_tasks()->set_title(absl::StrCat("Task ", i));
  create.set_idempotency_key("key");
  v1::BatchCreateTasksResponse created, again;
  ASSERT_TRUE(ada_.Send(&Stub::BatchCreateTasks, create, &created).ok());
  ASSERT_TRUE(ada_.Send(&Stub::BatchCreateTasks, create, &again).ok());
  EXPECT_EQ(again.SerializeAsString(), created.SerializeAsString());
  for (int i = 0; i < 100; ++i) ASSERT_EQ(created.tasks(i).title(), absl::StrCat("Task ", i));
  EXPECT_EQ(Count(), 100);
  v1::BatchDeleteTasksRequest remove;
  for (const v1::Task& task : created.tasks()) remove.add_deletions()->set_task_id(task.id());
  v1::BatchDeleteTasksResponse removed;
  ASSERT_TRUE(ada_.Send(&Stub::BatchDeleteTasks, remove, &removed).ok());
  EXPECT_EQ(Count(), 0);
}

TEST_F(RepeatableCallsTest, WhatWasDeletedComesBackAsItWas) {
  v1::Task task = ada_.Create(TaskOf("Buy milk", {"home"}, "2024-05-01"));
  ASSERT_TRUE(ada_.Delete(task.id()).ok());
  v1::Task restored, again;
  ASSERT_TRUE(ada_.Undelete(task.id(), &restored).ok());
  EXPECT_NE(restored.etag(), task.etag());
  task.set_etag(restored.etag());
  *task.mutable_updated_at() = restored.updated_at();
  EXPECT_EQ(restored.SerializeAsString(), task.SerializeAsString());
  ASSERT_TRUE(ada_.Undelete(task.id(), &again).ok());
  EXPECT_EQ(again.SerializeAsString(), restored.SerializeAsString());
  EXPECT_EQ(ada_.Undelete(kUnknownId).error_code(), grpc::NOT_FOUND);
}

TEST_F(RepeatableCallsTest, TheTrashIsPurgedAfterThirtyDays) {
  const std::string old_one = ada_.Create("old").id();
  const std::string young_one = ada_.Create("young").id();
  ASSERT_TRUE(ada_.Delete(old_one).ok());
  ASSERT_TRUE(ada_.Delete(young_one).ok());
  todo_.database().Execute(
      "UPDATE todo.tasks SET deleted_at = now() - INTERVAL '30 days' WHERE title = 'old'; "
      "UPDATE todo.tasks SET deleted_at = now() - INTERVAL '29 days 23 hours' WHERE title = 'young'");
  const auto other = todo_.database().Connect();
  ASSERT_TRUE(other->RunScript("BEGIN; SELECT pg_advisory_xact_lock(7236120492)").ok());
  EXPECT_EQ(todo_.database().Value("SELECT todo.purge(10) IS NULL"), "t");
  ASSERT_TRUE(other->RunScript("ROLLBACK").ok());
  EXPECT_EQ(todo_.database().Value("SELECT todo.purge(10)"), "1");
  EXPECT_EQ(ada_.Undelete(old_one).error_code(), grpc::NOT_FOUND);
  v1::ListTasksRequest request;
  request.set_show_deleted(true);
  EXPECT_EQ(ada_.List(request).count(), 1);
  EXPECT_TRUE(ada_.Undelete(young_one).ok());
}

TEST_F(RepeatableCallsTest, DeletingOneselfLeavesNothing) {
  ada_.Create(TaskOf("Buy milk", {"home"}));
  ASSERT_TRUE(ada_.Delete(ada_.Create("Buy bread").id()).ok());
  ada_.CreateList("Home");
  ASSERT_TRUE(ada_.Create(CreateWithKey("Buy butter", "key"), nullptr).ok());
  ApiUser bob(todo_, "bob");
  bob.Create("stays");
  v1::DeleteMeResponse response;
  ASSERT_TRUE(todo_.Call(&Stub::DeleteMe, "ada", v1::DeleteMeRequest(), &response).ok());
  EXPECT_EQ(todo_.database().Lines(R"(
    SELECT tablename FROM pg_tables, query_to_xml(format('SELECT user_id FROM todo.%I WHERE user_id = %L', tablename, 'ada'),
      true, false, '') AS rows
    WHERE schemaname = 'todo' AND tablename NOT IN ('schema_migrations', 'page_token_key') AND rows::text LIKE '%ada%')"),
            "");
  EXPECT_THAT(bob.Titles(), ElementsAre("stays"));
  EXPECT_TRUE(todo_.Call(&Stub::DeleteMe, "ada", v1::DeleteMeRequest(), &response).ok());
}

TEST(Rate, OneWhoCallsTooOftenIsToldHowLongToWait) {
  RunningTodo todo({.user_rate = 5});
  ApiUser ada(todo, "ada");
  grpc::Status status;
  int answered = 0;
  while ((status = todo.Get("ada", kUnknownId)).error_code() == grpc::NOT_FOUND && ++answered < 1000) {
  }
  EXPECT_GE(answered, 10);
  EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(status), "todo.v1/RATE_LIMITED");
  EXPECT_EQ(todo.Get("bob", kUnknownId).error_code(), grpc::NOT_FOUND);
}

}  // namespace
}  // namespace todo::testing
