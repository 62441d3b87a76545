// How PostgreSQL runs the statements: each is planned once for all users, and the plan reads no more than it gives out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/todo/list_statement.h"
#include "services/todo/task_statements.h"
#include "tests/support/todo/test_database.h"

namespace todo::testing {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class QueryPlanTest : public ::testing::Test {
 protected:
  // One user with half of the tasks, and many with a few each, which is what the planner goes by.
  static void SetUpTestSuite() {
    database_ = new TestDatabase;
    database_->Execute(R"(
      INSERT INTO todo.tasks (user_id, id, title, is_completed, priority, due_date, completed_at, created_at, updated_at,
        revision)
      SELECT CASE WHEN i % 2 = 0 THEN 'ada' ELSE 'user ' || i % 500 END, gen_random_uuid(), 'Title ' || random(), i % 5 = 0,
        i % 3 + 1, CASE WHEN i % 4 > 0 THEN DATE '2024-01-01' + i % 1000 END, CASE WHEN i % 5 = 0 THEN now() END,
        now() - random() * INTERVAL '1 year', now() - random() * INTERVAL '1 year', i
      FROM generate_series(1, 20000) AS i;
      ANALYZE todo.tasks)");
  }
  static void TearDownTestSuite() { delete database_; }

  // The plan of a statement, as text.
  static std::string Plan(const Statement& statement, const Parameters& parameters) {
    std::vector<std::string> values;
    for (const auto& parameter : parameters) values.push_back(parameter ? "'" + *parameter + "'" : "NULL");
    database_->Execute("DEALLOCATE ALL; PREPARE explained AS " + statement.sql);
    return database_->Lines(absl::StrCat("EXPLAIN (COSTS OFF) EXECUTE explained(", absl::StrJoin(values, ", "), ")"));
  }

  static TestDatabase* database_;
};

TestDatabase* QueryPlanTest::database_ = nullptr;

constexpr char kTask[] = "0190b1a8-6f5e-7cc3-9d0a-000000000000";

TEST_F(QueryPlanTest, StatementsArePlannedOnceForAllUsers) {
  EXPECT_EQ(database_->Value("SHOW plan_cache_mode"), "force_generic_plan");
}

TEST_F(QueryPlanTest, EveryPageReadsAStretchOfTheIndexOfItsOrder) {
  const std::tuple<v1::TaskSortBy, const char*, const char*> kOrders[] = {
      {v1::TASK_SORT_BY_CREATED_AT, "tasks_by_creation", "2024-01-01T00:00:00Z"},
      {v1::TASK_SORT_BY_UPDATED_AT, "tasks_by_change", "2024-01-01T00:00:00Z"},
      {v1::TASK_SORT_BY_DUE_DATE, "tasks_by_due_date", "2024-06-01"},
      {v1::TASK_SORT_BY_PRIORITY, "tasks_by_priority", "2"},
      {v1::TASK_SORT_BY_TITLE, "tasks_by_title", "Title 0.5"}};
  for (const auto& [sort_by, index, value] : kOrders) {
    for (const bool is_descending : {false, true}) {
      for (const int limit : {21, 51, kMaxListRows}) {
        for (const auto& cursor : {std::optional<TaskListCursor>(), std::optional<TaskListCursor>({value, kTask})}) {
          const TaskListQuery query = {.sort_by = sort_by, .is_descending = is_descending};
          const ListPageSql page = MakeListPageSql("ada", query, cursor, limit);
          const std::string plan = Plan(page.statement, page.parameters);
          EXPECT_THAT(plan, HasSubstr(absl::StrCat("Index Scan ", is_descending ? "Backward " : "", "using ", index)));
          EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on tasks")));
          // What is sorted is the page at the end, not what it is taken from.
          EXPECT_THAT(plan.substr(plan.find("Left Join")), Not(HasSubstr("Sort"))) << plan;
          // The page begins within the index, not somewhere on the way through it.
          if (cursor) {
            EXPECT_THAT(plan, ContainsRegex("Index Cond: [^\n]*ROW"));
          }
        }
      }
    }
  }
}

TEST_F(QueryPlanTest, TasksWithoutADueDateAreReadFromTheIndexToo) {
  const TaskListQuery query = {.sort_by = v1::TASK_SORT_BY_DUE_DATE};
  const ListPageSql page = MakeListPageSql("ada", query, TaskListCursor{std::nullopt, kTask}, 51);
  EXPECT_THAT(Plan(page.statement, page.parameters), HasSubstr("Index Scan Backward using tasks_by_due_date"));
}

TEST_F(QueryPlanTest, MetricsReadOnlyWhatIsOverdue) {
  EXPECT_THAT(Plan(SelectMetrics(), {"ada", "2024-01-02"}),
              AllOf(HasSubstr("tasks_pending_by_due_date"), Not(HasSubstr("Seq Scan on tasks"))));
}

TEST_F(QueryPlanTest, OneTaskIsReadAndWrittenByItsKey) {
  Parameters change(15);
  change[0] = "ada";
  change[1] = kTask;
  change[3] = change[5] = change[8] = change[13] = "false";
  EXPECT_THAT(Plan(SelectTask(), {"ada", kTask}), HasSubstr("Index Scan using tasks_pkey"));
  for (const std::string& plan : {Plan(UpdateTask(), change), Plan(TrashTask(), {"ada", kTask})}) {
    EXPECT_THAT(plan, AllOf(HasSubstr("Index Scan using tasks_pkey"), Not(HasSubstr("tasks_by")),
                            Not(HasSubstr("Seq Scan on tasks"))));
  }
}

}  // namespace
}  // namespace todo::testing
