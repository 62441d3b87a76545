// ExportTasks and ImportTasks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/api_user.h"
#include "tests/support/todo/call_results.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TransferTest : public ::testing::Test {
 protected:
  v1::ExportTasksResponse Export(ApiUser& user, const std::string& page_token = "") {
    v1::ExportTasksRequest request;
    request.set_page_token(page_token);
    v1::ExportTasksResponse response;
    EXPECT_TRUE(user.Send(&Stub::ExportTasks, request, &response).ok());
    return response;
  }

  static v1::ImportTasksRequest ToImport(const v1::ExportTasksResponse& exported) {
    v1::ImportTasksRequest request;
    *request.mutable_lists() = exported.lists();
    *request.mutable_tasks() = exported.tasks();
    return request;
  }

  RunningTodo todo_;
  ApiUser ada_{todo_, "ada"};
  ApiUser bob_{todo_, "bob"};
};

TEST_F(TransferTest, AHalfBrokenImportNamesEachBadRowAndWritesNothing) {
  v1::ImportTasksRequest request;
  request.add_lists()->set_id("home");
  request.mutable_lists(0)->set_name("Home");
  for (int i = 0; i < 5; ++i) request.add_tasks()->set_title("Buy milk");
  request.mutable_tasks(1)->set_title("");
  request.mutable_tasks(3)->set_due_date("2024-02-30");
  v1::ImportTasksResponse response;
  EXPECT_THAT(ViolationsOf(ada_.Send(&Stub::ImportTasks, request, &response)),
              ElementsAre("tasks[1].title", "tasks[3].due_date"));
  request.mutable_tasks(1)->set_title("x");
  request.mutable_tasks(3)->clear_due_date();
  request.mutable_tasks(4)->set_list_id("0190b1a8-6f5e-7cc3-9d0a-000000000000");
  EXPECT_THAT(ViolationsOf(ada_.Send(&Stub::ImportTasks, request, &response)), ElementsAre("tasks[4].list_id"));
  EXPECT_THAT(ada_.Titles(), IsEmpty());
  EXPECT_THAT(ada_.ListNames(), IsEmpty());
}

TEST_F(TransferTest, ATokenOfAnotherUsersExportIsAFieldViolation) {
  v1::ExportTasksRequest request;
  request.set_page_token("nonsense");
  v1::ExportTasksResponse response;
  EXPECT_THAT(ViolationsOf(ada_.Send(&Stub::ExportTasks, request, &response)), ElementsAre("page_token"));
}

TEST_F(TransferTest, WhatOneExportsAnotherCanImport) {
  const v1::TaskList list = ada_.CreateList("Home");
  v1::Task task = TaskOf("Buy milk", {"a", "b"}, "2024-05-01");
  task.set_description("two\nlitres");
  task.set_due_time("10:00");
  task.set_time_zone("Europe/Berlin");
  task.set_list_id(list.id());
  task.set_is_completed(true);
  task.set_priority(v1::PRIORITY_HIGH);
  task = ada_.Create(task);
  ada_.Create("Buy bread");
  ASSERT_TRUE(ada_.Delete(ada_.Create("in the trash").id()).ok());
  const v1::ExportTasksResponse exported = Export(ada_);
  EXPECT_EQ(exported.tasks_size(), 2);
  v1::ImportTasksResponse imported;
  ASSERT_TRUE(bob_.Send(&Stub::ImportTasks, ToImport(exported), &imported).ok());
  EXPECT_EQ(imported.created_tasks(), 2);
  EXPECT_EQ(imported.created_lists(), 1);
  const v1::ExportTasksResponse arrived = Export(bob_);
  ASSERT_EQ(arrived.tasks_size(), 2);
  v1::Task copy = arrived.tasks(arrived.tasks(0).title() == task.title() ? 0 : 1);
  EXPECT_NE(copy.id(), task.id());
  copy.set_id(task.id());
  copy.set_user_id(task.user_id());
  copy.set_etag(task.etag());
  *copy.mutable_updated_at() = task.updated_at();
  EXPECT_EQ(copy.SerializeAsString(), task.SerializeAsString());
  EXPECT_THAT(bob_.Tags(), ElementsAre("a:1", "b:1"));
  // Where it came from the lists are there already.
  ASSERT_TRUE(ada_.Send(&Stub::ImportTasks, ToImport(exported), &imported).ok());
  EXPECT_EQ(imported.created_lists(), 0);
  EXPECT_THAT(ada_.ListNames(), ElementsAre("Home"));
  EXPECT_EQ(ada_.List().count(), 4);
}

TEST_F(TransferTest, AnImportsKeyImportsOnce) {
  v1::ImportTasksRequest request;
  request.add_tasks()->set_title("Buy milk");
  request.add_lists()->set_id("home");
  request.mutable_lists(0)->set_name("Home");
  request.set_idempotency_key("key");
  v1::ImportTasksResponse imported;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(ada_.Send(&Stub::ImportTasks, request, &imported).ok());
    EXPECT_EQ(imported.created_tasks(), 1);
    EXPECT_EQ(imported.created_lists(), 1);
  }
  EXPECT_EQ(ada_.List().count(), 1);
}

TEST_F(TransferTest, AnExportOfManyTasksHasPages) {
  todo_.database().Execute(R"(
    INSERT INTO todo.tasks (position, user_id, id, title, is_completed, priority, created_at, updated_at, revision)
    SELECT 'a0', 'ada', gen_random_uuid(), 'Title', false, 2, now(), now(), i FROM generate_series(1, 2500) AS i)");
  int count = 0;
  std::string token;
  do {
    const v1::ExportTasksResponse page = Export(ada_, token);
    EXPECT_LE(page.tasks_size(), 1000);
    count += page.tasks_size();
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(count, 2500);
}

}  // namespace
}  // namespace todo::testing
