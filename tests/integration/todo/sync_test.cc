#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/api_user.h"
#include "tests/support/todo/call_results.h"
#include "tests/support/todo/synced_copy.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;

class SyncTest : public ::testing::Test {
 protected:
  std::map<std::string, std::string> Stored() {
    std::map<std::string, std::string> tasks;
    v1::ListTasksRequest request;
    request.set_page_size(200);
    do {
      const v1::ListTasksResponse page = ada_.List(request);
      for (const v1::Task& task : page.items()) tasks[task.id()] = task.SerializeAsString();
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return tasks;
  }

  RunningTodo todo_{{.pool_size = 8}};
  ApiUser ada_{todo_, "ada"};
};

TEST_F(SyncTest, ATokenThatIsNoneIsAFieldViolation) {
  std::string of_bob;
  ApiUser(todo_, "bob").Sync(&of_bob);
  for (const std::string& token : {std::string("nonsense"), of_bob}) {
    EXPECT_THAT(ViolationsOf(ada_.SyncStatus(token)), ElementsAre("sync_token"));
  }
}

TEST_F(SyncTest, ATokenExpiresWithTheTrashAndWithTheUser) {
  ada_.Create("Buy milk");
  std::string token;
  ada_.Sync(&token);
  EXPECT_TRUE(ada_.SyncStatus(token).ok());
  v1::DeleteMeResponse gone;
  ASSERT_TRUE(todo_.Call(&Stub::DeleteMe, "ada", v1::DeleteMeRequest(), &gone).ok());
  for (int i = 0; i < 2; ++i) {
    const grpc::Status status = ada_.SyncStatus(token);
    EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
    EXPECT_EQ(ReasonOf(status), "todo.v1/SYNC_TOKEN_EXPIRED");
    // As many changes as before, and more: it is another count all the same.
    for (int task = 0; task < 3; ++task) ada_.Create("Buy bread");
  }
}

TEST_F(SyncTest, ATokenOfAUserWhoHadNothingTellsEverything) {
  std::string token;
  EXPECT_EQ(ada_.Sync(&token).tasks_size(), 0);
  ada_.Create("Buy milk");
  EXPECT_EQ(ada_.Sync(&token).tasks_size(), 1);
  EXPECT_EQ(ada_.Sync(&token).tasks_size(), 0);
}

TEST_F(SyncTest, TellsOfTasksAndListsThatCameChangedAndWent) {
  std::string token;
  ada_.Sync(&token);
  const v1::TaskList list = ada_.CreateList("Home");
  v1::Task task = TaskOf("Buy milk");
  task.set_list_id(list.id());
  task = ada_.Create(task);
  v1::SyncTasksResponse changes = ada_.Sync(&token);
  ASSERT_EQ(changes.tasks_size(), 1);
  EXPECT_EQ(changes.tasks(0).SerializeAsString(), task.SerializeAsString());
  ASSERT_EQ(changes.lists_size(), 1);
  EXPECT_EQ(changes.lists(0).SerializeAsString(), list.SerializeAsString());
  ASSERT_TRUE(ada_.DeleteList(list.id()).ok());
  ASSERT_TRUE(ada_.Delete(task.id()).ok());
  changes = ada_.Sync(&token);
  ASSERT_EQ(changes.lists_size(), 1);
  EXPECT_TRUE(changes.lists(0).has_deleted_at());
  ASSERT_EQ(changes.tasks_size(), 1);
  EXPECT_TRUE(changes.tasks(0).has_deleted_at());
  EXPECT_FALSE(changes.tasks(0).has_list_id());
  changes = ada_.Sync(&token);
  EXPECT_EQ(changes.tasks_size() + changes.lists_size(), 0);
}

TEST_F(SyncTest, EveryPageSizeGivesTheSame) {
  for (int i = 0; i < 23; ++i) ada_.Create(absl::StrCat("Task ", i));
  ada_.CreateList("Home");
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(ada_.Delete(ada_.Create("gone").id()).ok());
  for (const int page_size : {1, 2, 5, 30, 31, 32, 1000}) {
    std::string token;
    const v1::SyncTasksResponse changes = ada_.Sync(&token, page_size);
    EXPECT_EQ(changes.tasks_size(), 30) << page_size;
    EXPECT_EQ(changes.lists_size(), 1) << page_size;
    for (int i = 1; i < changes.tasks_size(); ++i) {
      EXPECT_LT(std::stoi(changes.tasks(i - 1).etag()), std::stoi(changes.tasks(i).etag()));
    }
  }
}

// Clients that sync at their own times while everything changes end with the same.
TEST_F(SyncTest, EveryTokenLeadsToTheSameEnd) {
  constexpr int kWriters = 4;
  constexpr int kSteps = 60;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([this, writer] {
      std::mt19937 random(static_cast<unsigned>(writer) + 1);
      std::vector<std::string> ids;
      for (int step = 0; step < kSteps; ++step) {
        const auto action = ids.empty() ? 0 : random() % 4;
        const std::string id = ids.empty() ? "" : ids[random() % ids.size()];
        if (action == 0) ids.push_back(ada_.Create("Task").id());
        if (action == 1) ada_.Update(id, TaskOf(absl::StrCat("Task ", step)));
        if (action == 2) ada_.Delete(id);
        if (action == 3) ada_.Undelete(id);
      }
    });
  }
  std::vector<std::pair<std::string, SyncedCopy>> clients(1);
  for (int round = 0; round < 40; ++round) {
    clients.emplace_back(clients.back());
    clients.back().second.Apply(ada_.Sync(&clients.back().first, 1 + round % 7));
  }
  for (std::thread& writer : writers) writer.join();
  const auto stored = Stored();
  for (auto& [token, copy] : clients) {
    copy.Apply(ada_.Sync(&token));
    EXPECT_EQ(copy.tasks(), stored);
  }
}

}  // namespace
}  // namespace todo::testing
