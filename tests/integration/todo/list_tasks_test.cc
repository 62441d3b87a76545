#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/call_results.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::ListTasksRequest Query(const std::string& owner = "ada") {
  v1::ListTasksRequest request;
  request.set_user_id(owner);
  return request;
}

class ListTasksTest : public ::testing::Test {
 protected:
  v1::ListTasksResponse ListOk(const v1::ListTasksRequest& request) {
    v1::ListTasksResponse response;
    const grpc::Status status = todo_.List(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  grpc::Status ListStatus(const v1::ListTasksRequest& request) {
    v1::ListTasksResponse response;
    return todo_.List(request, &response);
  }

  // The ids on all pages, `page_size` at a time; `between` runs after each page.
  template <typename Between>
  std::vector<std::string> WalkPages(v1::ListTasksRequest request, int page_size, Between between) {
    std::vector<std::string> ids;
    request.set_page_size(page_size);
    do {
      const v1::ListTasksResponse page = ListOk(request);
      EXPECT_LE(page.items_size(), page_size);
      for (const v1::Task& task : page.items()) ids.push_back(task.id());
      request.set_page_token(page.next_page_token());
      between();
    } while (!request.page_token().empty() && ids.size() < 10000);
    return ids;
  }

  std::vector<std::string> WalkPages(const v1::ListTasksRequest& request, int page_size) {
    return WalkPages(request, page_size, [] {});
  }

  // Tasks with many equal sort values in every order, and with and without due dates.
  void MakeTasksWithTies(int count) {
    todo_.database().Execute(absl::StrCat(R"(
      INSERT INTO todo.tasks (user_id, id, position, title, is_completed, priority, due_date, completed_at, created_at,
        updated_at, revision)
      SELECT 'ada', gen_random_uuid(), 'a' || i % 4, 'Title ' || i % 3, i % 5 = 0, i % 3 + 1,
        CASE WHEN i % 4 > 0 THEN DATE '2024-01-01' + i % 4 END, CASE WHEN i % 5 = 0 THEN now() END,
        TIMESTAMPTZ '2024-01-01 00:00:00.000001Z' + i / 6 * INTERVAL '1 microsecond',
        TIMESTAMPTZ '2024-02-01 00:00:00.999999Z' + i / 7 * INTERVAL '1 microsecond', i
      FROM generate_series(1, )",
                                          count, R"() AS i;
      INSERT INTO todo.user_counters (user_id, last_change, pending_high, pending_medium, pending_low, completed_high,
        completed_medium, completed_low)
      SELECT 'ada', max(revision),
        count(*) FILTER (WHERE NOT is_completed AND priority = 1), count(*) FILTER (WHERE NOT is_completed AND priority = 2),
        count(*) FILTER (WHERE NOT is_completed AND priority = 3), count(*) FILTER (WHERE is_completed AND priority = 1),
        count(*) FILTER (WHERE is_completed AND priority = 2), count(*) FILTER (WHERE is_completed AND priority = 3)
      FROM todo.tasks WHERE user_id = 'ada')"));
  }

  // The ids in the order that PostgreSQL itself gives.
  std::vector<std::string> IdsInOrder(const std::string& order, const std::string& condition = "true") {
    std::vector<std::string> ids;
    const std::string lines = todo_.database().Lines(absl::StrCat(
        "SELECT id FROM todo.tasks WHERE user_id = 'ada' AND deleted_at IS NULL AND ", condition, " ORDER BY ", order));
    for (size_t i = 0; i < lines.size(); i += 37) ids.push_back(lines.substr(i, 36));
    return ids;
  }

  RunningTodo todo_;
};

struct Order {
  v1::TaskSortBy sort_by;
  v1::SortOrder order;
  const char* sql;
};

constexpr Order kOrders[] = {
    {v1::TASK_SORT_BY_UNSPECIFIED, v1::SORT_ORDER_UNSPECIFIED, "created_at DESC, id DESC"},
    {v1::TASK_SORT_BY_CREATED_AT, v1::SORT_ORDER_ASC, "created_at, id"},
    {v1::TASK_SORT_BY_CREATED_AT, v1::SORT_ORDER_DESC, "created_at DESC, id DESC"},
    {v1::TASK_SORT_BY_UPDATED_AT, v1::SORT_ORDER_ASC, "revision"},
    {v1::TASK_SORT_BY_UPDATED_AT, v1::SORT_ORDER_UNSPECIFIED, "revision DESC"},
    {v1::TASK_SORT_BY_DUE_DATE, v1::SORT_ORDER_UNSPECIFIED, "due_date NULLS LAST, id"},
    {v1::TASK_SORT_BY_DUE_DATE, v1::SORT_ORDER_DESC, "due_date DESC NULLS LAST, id DESC"},
    {v1::TASK_SORT_BY_PRIORITY, v1::SORT_ORDER_UNSPECIFIED, "priority, id"},
    {v1::TASK_SORT_BY_PRIORITY, v1::SORT_ORDER_DESC, "priority DESC, id DESC"},
    {v1::TASK_SORT_BY_TITLE, v1::SORT_ORDER_UNSPECIFIED, "title, id"},
    {v1::TASK_SORT_BY_TITLE, v1::SORT_ORDER_DESC, "title DESC, id DESC"},
    {v1::TASK_SORT_BY_POSITION, v1::SORT_ORDER_UNSPECIFIED, "position, id"},
    {v1::TASK_SORT_BY_POSITION, v1::SORT_ORDER_DESC, "position DESC, id DESC"},
};

v1::ListTasksRequest Ordered(const Order& order) {
  v1::ListTasksRequest request = Query();
  request.set_sort_by(order.sort_by);
  request.set_sort_order(order.order);
  return request;
}

TEST_F(ListTasksTest, NamesEveryFieldAtFault) {
  v1::ListTasksRequest request = Query();
  request.set_page_size(-1);
  request.set_sort_by(static_cast<v1::TaskSortBy>(77));
  EXPECT_THAT(ViolationsOf(ListStatus(request)), ElementsAre("sort_by", "page_size"));
}

TEST_F(ListTasksTest, RefusesATokenOfAnotherUserOrQueryOrOfItsOwnMaking) {
  MakeTasksWithTies(3);
  v1::ListTasksRequest request = Query();
  request.set_page_size(1);
  const std::string token = ListOk(request).next_page_token();
  ASSERT_FALSE(token.empty());

  const auto expect_refused = [this](const v1::ListTasksRequest& refused) {
    const grpc::Status status = ListStatus(refused);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_THAT(ViolationsOf(status), ElementsAre("page_token"));
  };
  v1::ListTasksRequest other = Query("bob");
  other.set_page_token(token);
  expect_refused(other);
  other = Query();
  other.set_page_token(token);
  other.set_status(v1::TASK_STATUS_PENDING);
  expect_refused(other);
  other.set_status(v1::TASK_STATUS_UNSPECIFIED);
  other.set_sort_order(v1::SORT_ORDER_ASC);
  expect_refused(other);
  other = Query();
  std::string tampered = token;
  tampered[tampered.size() / 2] = tampered[tampered.size() / 2] == 'A' ? 'B' : 'A';
  for (const std::string& forged : {tampered, token + "A", std::string("nonsense")}) {
    other.set_page_token(forged);
    expect_refused(other);
  }
}

TEST_F(ListTasksTest, ATokenIsForEveryPageSizeAndSpellingOfTheSameQuery) {
  MakeTasksWithTies(5);
  v1::ListTasksRequest request = Query();
  request.set_page_size(2);
  request.set_page_token(ListOk(request).next_page_token());
  request.set_page_size(200);
  request.set_sort_by(v1::TASK_SORT_BY_CREATED_AT);
  request.set_sort_order(v1::SORT_ORDER_DESC);
  EXPECT_EQ(ListOk(request).items_size(), 3);
}

TEST_F(ListTasksTest, ATokenIsGoodForAReplicaAndAfterARestart) {
  MakeTasksWithTies(3);
  v1::ListTasksRequest request = Query();
  request.set_page_size(1);
  const std::string token = ListOk(request).next_page_token();
  const std::string key = todo_.database().Value("SELECT encode(key, 'hex') FROM todo.page_token_key");
  EXPECT_THAT(key, SizeIs(64));
  // Another database has another key.
  TestDatabase other;
  EXPECT_NE(other.Value("SELECT encode(key, 'hex') FROM todo.page_token_key"), key);
}

TEST_F(ListTasksTest, HasNothingForAUserWhoHasNothing) {
  const v1::ListTasksResponse response = ListOk(Query("nobody"));
  EXPECT_EQ(response.items_size(), 0);
  EXPECT_EQ(response.count(), 0);
  EXPECT_TRUE(response.count_is_exact());
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(ListTasksTest, WalksEveryOrderWithoutGapsOrRepeats) {
  MakeTasksWithTies(61);
  for (const Order& order : kOrders) {
    for (const int page_size : {1, 7, 60, 61, 200}) {
      EXPECT_THAT(WalkPages(Ordered(order), page_size), ElementsAreArray(IdsInOrder(order.sql)))
          << order.sql << ", " << page_size << " at a time";
    }
  }
}

TEST_F(ListTasksTest, WalksEveryFilterWithoutGapsOrRepeats) {
  MakeTasksWithTies(61);
  const std::pair<v1::TaskStatus, const char*> kStatuses[] = {{v1::TASK_STATUS_UNSPECIFIED, "true"},
                                                              {v1::TASK_STATUS_PENDING, "NOT is_completed"},
                                                              {v1::TASK_STATUS_COMPLETED, "is_completed"}};
  const std::pair<v1::Priority, const char*> kPriorities[] = {
      {v1::PRIORITY_UNSPECIFIED, "true"}, {v1::PRIORITY_HIGH, "priority = 1"}, {v1::PRIORITY_LOW, "priority = 3"}};
  for (const Order& order : kOrders) {
    for (const auto& [status, status_sql] : kStatuses) {
      for (const auto& [priority, priority_sql] : kPriorities) {
        v1::ListTasksRequest request = Ordered(order);
        request.set_status(status);
        request.set_priority(priority);
        const auto expected = IdsInOrder(order.sql, absl::StrCat(status_sql, " AND ", priority_sql));
        EXPECT_THAT(WalkPages(request, 4), ElementsAreArray(expected)) << order.sql << status_sql << priority_sql;
        EXPECT_EQ(ListOk(request).count(), expected.size());
        EXPECT_TRUE(ListOk(request).count_is_exact());
      }
    }
  }
}

TEST_F(ListTasksTest, WalksWithoutGapsOrRepeatsWhileTasksAreCreatedAndDeleted) {
  MakeTasksWithTies(40);
  for (const Order& order : kOrders) {
    const std::vector<std::string> before = IdsInOrder(order.sql);
    const std::vector<std::string> walked = WalkPages(Ordered(order), 3, [this] { todo_.Create("ada", "Title 1"); });
    EXPECT_THAT(std::set<std::string>(walked.begin(), walked.end()), SizeIs(walked.size()))
        << "a repeat in " << order.sql;
    std::vector<std::string> old_ones;
    const std::set<std::string> known(before.begin(), before.end());
    std::copy_if(walked.begin(), walked.end(), std::back_inserter(old_ones),
                 [&known](const std::string& id) { return known.count(id) > 0; });
    EXPECT_THAT(old_ones, ElementsAreArray(before)) << order.sql;
    todo_.database().Execute("DELETE FROM todo.tasks WHERE revision > 40");
  }
}

TEST_F(ListTasksTest, GoesOnBehindATaskThatIsGone) {
  MakeTasksWithTies(6);
  const std::vector<std::string> all = IdsInOrder("created_at DESC, id DESC");
  v1::ListTasksRequest request = Query();
  request.set_page_size(3);
  request.set_page_token(ListOk(request).next_page_token());
  todo_.database().Execute("UPDATE todo.tasks SET deleted_at = now() WHERE id = '" + all[2] + "'");
  EXPECT_EQ(ListOk(request).items(0).id(), all[3]);
}

TEST_F(ListTasksTest, StillCountsWhereAPageHasBecomeEmpty) {
  MakeTasksWithTies(4);
  v1::ListTasksRequest request = Query();
  request.set_page_size(3);
  request.set_page_token(ListOk(request).next_page_token());
  todo_.database().Execute("DELETE FROM todo.tasks WHERE id = '" + IdsInOrder("created_at, id")[0] + "'");
  const v1::ListTasksResponse response = ListOk(request);
  EXPECT_EQ(response.items_size(), 0);
  EXPECT_EQ(response.count(), 4);  // as the counters, which this test went past, say
}

TEST_F(ListTasksTest, StopsCountingAFilterAt1000) {
  MakeTasksWithTies(2000);
  v1::ListTasksRequest request = Query();
  EXPECT_EQ(ListOk(request).count(), 2000);
  EXPECT_TRUE(ListOk(request).count_is_exact());
  request.set_status(v1::TASK_STATUS_PENDING);
  EXPECT_EQ(ListOk(request).count(), 1000);
  EXPECT_FALSE(ListOk(request).count_is_exact());
  request.set_status(v1::TASK_STATUS_COMPLETED);
  EXPECT_EQ(ListOk(request).count(), 400);
  EXPECT_TRUE(ListOk(request).count_is_exact());
}

TEST_F(ListTasksTest, GivesFiftyByDefaultAndTwoHundredAtMost) {
  MakeTasksWithTies(250);
  v1::ListTasksRequest request = Query();
  EXPECT_EQ(ListOk(request).items_size(), 50);
  request.set_page_size(1000);
  EXPECT_EQ(ListOk(request).items_size(), 200);
}

TEST_F(ListTasksTest, EndsAPageAtOneMebibyte) {
  std::string description;
  for (int i = 0; i < 2000; ++i) description += "\xf0\x9f\x98\x80";
  MakeTasksWithTies(200);
  todo_.database().Execute("UPDATE todo.tasks SET description = repeat(U&'\\+01F600', 2000)");
  v1::ListTasksRequest request = Query();
  request.set_page_size(200);
  const v1::ListTasksResponse page = ListOk(request);
  EXPECT_EQ(page.items(0).description(), description);
  EXPECT_GT(page.items_size(), 100);
  EXPECT_LT(page.ByteSizeLong(), (1u << 20) + 1024);
  EXPECT_FALSE(page.next_page_token().empty());
  EXPECT_THAT(WalkPages(Query(), 200), ElementsAreArray(IdsInOrder("created_at DESC, id DESC")));
}

TEST_F(ListTasksTest, OrdersTitlesByCodePoint) {
  for (const char* title : {"b", "a", "B", "\xc3\xa4", "\xf0\x9f\x98\x80", "\xef\xbf\xbd"}) todo_.Create("ada", title);
  v1::ListTasksRequest request = Query();
  request.set_sort_by(v1::TASK_SORT_BY_TITLE);
  std::vector<std::string> titles;
  const v1::ListTasksResponse response = ListOk(request);
  for (const v1::Task& task : response.items()) titles.push_back(task.title());
  EXPECT_THAT(titles, ElementsAre("B", "a", "b", "\xc3\xa4", "\xef\xbf\xbd", "\xf0\x9f\x98\x80"));
}

}  // namespace
}  // namespace todo::testing
