// What ListTasks leaves out, and how it counts what is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "services/todo/list_statement.h"
#include "tests/support/todo/api_user.h"
#include "tests/support/todo/call_results.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class FiltersTest : public ::testing::Test {
 protected:
  std::vector<std::string> Search(const std::string& words) {
    v1::ListTasksRequest request;
    request.set_search(words);
    return ada_.Titles(request);
  }

  std::vector<std::string> Due(const std::string& before, const std::string& after, const std::string& zone,
                               v1::TaskSortBy sort_by) {
    v1::ListTasksRequest request;
    request.set_due_before(before);
    request.set_due_after(after);
    request.set_time_zone(zone);
    request.set_sort_by(sort_by);
    return ada_.Titles(request);
  }

  RunningTodo todo_;
  ApiUser ada_{todo_, "ada"};
};

TEST_F(FiltersTest, AZoneThatDoesNotExistIsAFieldViolation) {
  v1::ListTasksRequest request;
  request.set_time_zone("Europe/Nowhere");
  v1::ListTasksResponse response;
  EXPECT_THAT(ViolationsOf(ada_.Send(&Stub::ListTasks, request, &response)), ElementsAre("time_zone"));
}

TEST_F(FiltersTest, SearchTakesTheBeginningsOfWordsInTitleAndDescription) {
  v1::Task milk = TaskOf("Buy oat-milk");
  milk.set_description(
      "Two litres, \xc3\x9c"
      "ber_morgen");
  ada_.Create(milk);
  ada_.Create("Call the milkman");
  ada_.Create("\xd0\x9c\xd0\xbe\xd0\xbb\xd0\xbe\xd0\xba\xd0\xbe 100%");
  EXPECT_THAT(Search("mil"), UnorderedElementsAre("Buy oat-milk", "Call the milkman"));
  EXPECT_THAT(Search("MILK buy"), ElementsAre("Buy oat-milk"));
  EXPECT_THAT(Search("buy litre"), ElementsAre("Buy oat-milk"));
  EXPECT_THAT(Search("\xc3\xbc"
                     "ber"),
              ElementsAre("Buy oat-milk"));
  EXPECT_THAT(Search("morg"), ElementsAre("Buy oat-milk"));
  EXPECT_THAT(Search("\xd0\xbc\xd0\x9e\xd0\xbb"), ElementsAre("\xd0\x9c\xd0\xbe\xd0\xbb\xd0\xbe\xd0\xba\xd0\xbe 100%"));
  EXPECT_THAT(Search("10"), ElementsAre("\xd0\x9c\xd0\xbe\xd0\xbb\xd0\xbe\xd0\xba\xd0\xbe 100%"));
  EXPECT_THAT(Search("ilk"), IsEmpty());
  EXPECT_THAT(Search("milk bread"), IsEmpty());
}

TEST_F(FiltersTest, SearchTakesNothingForAPattern) {
  ada_.Create("Buy milk");
  for (const char* words : {"%", ".*", "\\", "(", "[[:alnum:]]", "'", "$1", "\xf0\x9f\x98\x80"}) {
    const std::vector<std::string> found = Search(words);
    EXPECT_THAT(found, IsEmpty()) << words;
  }
  EXPECT_THAT(Search(".*milk.*"), ElementsAre("Buy milk"));
}

TEST_F(FiltersTest, TagsAreAllNeeded) {
  ada_.Create(TaskOf("both", {"home", "a, \"b\" \\ {c}"}));
  ada_.Create(TaskOf("one", {"home"}));
  ada_.Create(TaskOf("none"));
  v1::ListTasksRequest request;
  request.add_tags("home");
  EXPECT_THAT(ada_.Titles(request), ElementsAre("one", "both"));
  request.add_tags("a, \"b\" \\ {c}");
  EXPECT_THAT(ada_.Titles(request), ElementsAre("both"));
  request.add_tags("Home");
  EXPECT_THAT(ada_.Titles(request), IsEmpty());
}

TEST_F(FiltersTest, DueDaysAreThoseOfTheRequestsZone) {
  ada_.Create(TaskOf("first", {}, "2024-05-01"));
  ada_.Create(TaskOf("second", {}, "2024-05-02"));
  ada_.Create(TaskOf("never"));
  v1::Task call = TaskOf("call", {}, "2024-05-02");
  call.set_due_time("00:30");
  call.set_time_zone("Europe/Berlin");  // 2024-05-01 18:30 in New York
  ada_.Create(call);
  for (const v1::TaskSortBy sort_by : {v1::TASK_SORT_BY_CREATED_AT, v1::TASK_SORT_BY_DUE_DATE}) {
    EXPECT_THAT(Due("2024-05-02", "", "Europe/Berlin", sort_by), UnorderedElementsAre("first"));
    EXPECT_THAT(Due("2024-05-02", "", "America/New_York", sort_by), UnorderedElementsAre("first", "call"));
    EXPECT_THAT(Due("", "2024-05-01", "America/New_York", sort_by), UnorderedElementsAre("second"));
    EXPECT_THAT(Due("2024-05-03", "2024-05-01", "Europe/Berlin", sort_by), UnorderedElementsAre("second", "call"));
  }
}

TEST_F(FiltersTest, ListIsOneList) {
  const std::string list = ada_.CreateList("Home").id();
  v1::Task task = TaskOf("in it");
  task.set_list_id(list);
  ada_.Create(task);
  ada_.Create("outside");
  v1::ListTasksRequest request;
  request.set_list_id(list);
  for (const v1::TaskSortBy sort_by : {v1::TASK_SORT_BY_CREATED_AT, v1::TASK_SORT_BY_POSITION}) {
    request.set_sort_by(sort_by);
    EXPECT_THAT(ada_.Titles(request), ElementsAre("in it"));
    EXPECT_EQ(ada_.List(request).count(), 1);
  }
}

TEST_F(FiltersTest, ManualOrderIsThatOfThePositions) {
  const std::string first = ada_.Create("first").position();
  const std::string second = ada_.Create("second").position();
  EXPECT_LT(first, second);
  v1::Task between = TaskOf("between");
  between.set_position(first + "V");
  ada_.Create(between);
  v1::Task before = TaskOf("before");
  before.set_position("Zz");
  ada_.Create(before);
  v1::ListTasksRequest request;
  request.set_sort_by(v1::TASK_SORT_BY_POSITION);
  EXPECT_THAT(ada_.Titles(request), ElementsAre("before", "first", "between", "second"));
}

TEST_F(FiltersTest, ShowDeletedListsTheTrashToo) {
  ada_.Create("kept");
  ASSERT_TRUE(ada_.Delete(ada_.Create("gone").id()).ok());
  EXPECT_THAT(ada_.Titles(), ElementsAre("kept"));
  v1::ListTasksRequest request;
  request.set_show_deleted(true);
  EXPECT_THAT(ada_.Titles(request), ElementsAre("gone", "kept"));
  EXPECT_EQ(ada_.List(request).count(), 2);
  EXPECT_TRUE(ada_.List(request).items(0).has_deleted_at());
  EXPECT_EQ(ada_.List(request).items(0).purge_at().seconds() - ada_.List(request).items(0).deleted_at().seconds(),
            30 * 24 * 3600);
  request.set_status(v1::TASK_STATUS_PENDING);
  EXPECT_THAT(ada_.Titles(request), ElementsAre("gone", "kept"));
  EXPECT_EQ(ada_.List(request).count(), 2);
}

// One task in seven matches, among more than are looked at for one page.
TEST_F(FiltersTest, WalksPastWhatDoesNotMatchWithoutGapsOrRepeats) {
  todo_.database().Execute(absl::StrCat(R"(
    INSERT INTO todo.tasks (position, user_id, id, title, is_completed, priority, completed_at, created_at, updated_at,
      revision, tags)
    SELECT 'a0', 'ada', gen_random_uuid(), 'Title', i % 2 = 0, 2, CASE WHEN i % 2 = 0 THEN now() END,
      now() + i * INTERVAL '1 second', now(), i, CASE WHEN i > 24000 AND i % 7 = 0 THEN '{rare}'::text[] ELSE '{}' END
    FROM generate_series(1, 25000) AS i;
    INSERT INTO todo.user_counters VALUES ('ada', 25000, 0, 12500, 0, 0, 12500, 0))"));
  v1::ListTasksRequest request;
  request.add_tags("rare");
  request.set_sort_order(v1::SORT_ORDER_ASC);
  request.set_page_size(40);
  std::set<std::string> ids;
  int pages = 0;
  size_t found = 0;
  do {
    const v1::ListTasksResponse page = ada_.List(request);
    EXPECT_FALSE(page.count_is_exact());
    for (const v1::Task& task : page.items()) ids.insert(task.id());
    found += static_cast<size_t>(page.items_size());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && ++pages < 50);
  EXPECT_EQ(found, 143u);
  EXPECT_EQ(ids.size(), 143u);
}

}  // namespace
}  // namespace todo::testing
