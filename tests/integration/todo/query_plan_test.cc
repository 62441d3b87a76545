// How PostgreSQL runs the statements: each is planned once for all users, and the plan reads no more than it gives out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
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
      INSERT INTO todo.tasks (position, user_id, id, title, is_completed, priority, due_date, completed_at, created_at,
        updated_at, revision)
      SELECT todo.last_position(i), CASE WHEN i % 2 = 0 THEN 'ada' ELSE 'user ' || i % 500 END, gen_random_uuid(), 'Title ' || random(), i % 5 = 0,
        i % 3 + 1, CASE WHEN i % 4 > 0 THEN DATE '2024-01-01' + i % 1000 END, CASE WHEN i % 5 = 0 THEN now() END,
        now() - random() * INTERVAL '1 year', now() - random() * INTERVAL '1 year', i
      FROM generate_series(1, 20000) AS i;
      INSERT INTO todo.user_tags (user_id, tag, task_count)
      SELECT 'user ' || i % 500, 'tag ' || i / 500, 1 FROM generate_series(1, 20000) AS i;
      INSERT INTO todo.task_lists (user_id, id, name, position, revision)
      SELECT 'user ' || i % 500, gen_random_uuid(), 'List', 'a0', i FROM generate_series(1, 20000) AS i;
      INSERT INTO todo.user_counters SELECT 'user ' || i, 100000, 10, 10, 10, 10, 10, 10 FROM generate_series(0, 20000) AS i;
      INSERT INTO todo.idempotency_keys (user_id, key, fingerprint, answer)
      SELECT 'user ' || i % 500, 'key ' || i, 'x', '[]' FROM generate_series(1, 20000) AS i;
      ANALYZE todo.tasks, todo.user_tags, todo.task_lists, todo.user_counters, todo.idempotency_keys)");
  }
  static void TearDownTestSuite() { delete database_; }

  // The plan of a statement, as text.
  static std::string Plan(const Statement& statement, const Parameters& parameters) {
    std::vector<std::string> values;
    for (const auto& parameter : parameters) values.push_back(parameter ? "'" + *parameter + "'" : "NULL");
    database_->Execute("DEALLOCATE ALL; PREPARE explained AS " + statement.sql);
    return database_->Lines(absl::StrCat("EXPLAIN (COSTS OFF) EXECUTE explained(", absl::StrJoin(values, ", "), ")"));
  }

  // The plans of all that a statement runs, as the server tells them to the client.
  static std::string NestedPlans(const std::string& sql) {
    const std::string command = absl::StrCat(
        "psql -X -q -v ON_ERROR_STOP=1 -d \"", database_->url(),
        "\" -c \"LOAD 'auto_explain'\" -c 'SET auto_explain.log_min_duration = 0' "
        "-c 'SET auto_explain.log_nested_statements = on' -c 'SET client_min_messages = log' -f - 2>&1 <<'END'\n",
        sql, ";\nEND");
    FILE* pipe = popen(command.c_str(), "r");
    std::string plans;
    char buffer[4096];
    while (pipe != nullptr && fgets(buffer, sizeof buffer, pipe) != nullptr) plans += buffer;
    EXPECT_TRUE(pipe != nullptr && pclose(pipe) == 0) << plans;
    return plans;
  }

  static TestDatabase* database_;
};

TestDatabase* QueryPlanTest::database_ = nullptr;

constexpr char kTask[] = "0190b1a8-6f5e-7cc3-9d0a-000000000000";

TEST_F(QueryPlanTest, StatementsArePlannedOnceForAllUsers) {
  EXPECT_EQ(database_->Value("SHOW plan_cache_mode"), "force_generic_plan");
}

TEST_F(QueryPlanTest, OnlyFunctionsThatThePlannerReplacesAreSql) {
  EXPECT_EQ(
      database_->Lines("SELECT proname FROM pg_proc JOIN pg_language AS l ON l.oid = prolang WHERE lanname = 'sql' "
                       "AND pronamespace = 'todo'::regnamespace ORDER BY proname"),
      "last_position\nreplay\nreplay_list\n");
}

TEST_F(QueryPlanTest, EveryPageReadsAStretchOfTheIndexOfItsOrder) {
  const std::tuple<v1::TaskSortBy, const char*, const char*> kOrders[] = {
      {v1::TASK_SORT_BY_CREATED_AT, "tasks_by_creation", "2024-01-01T00:00:00Z"},
      {v1::TASK_SORT_BY_UPDATED_AT, "tasks_by_change", "5000"},
      {v1::TASK_SORT_BY_DUE_DATE, "tasks_by_due_date", "2024-06-01"},
      {v1::TASK_SORT_BY_PRIORITY, "tasks_by_priority", "2"},
      {v1::TASK_SORT_BY_TITLE, "tasks_by_title", "Title 0.5"},
      {v1::TASK_SORT_BY_POSITION, "tasks_by_position", "l000000000100"}};
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
          const bool is_merged = sort_by != v1::TASK_SORT_BY_DUE_DATE || !is_descending;
          // Due dates from the last on, and then those that are none, are no order that an index has: the stretches,
          // each no longer than a page, are sorted.
          EXPECT_EQ(plan.substr(plan.find("Left Join")).find("->  Sort") == std::string::npos, is_merged) << plan;
          // The page begins within the index, not somewhere on the way through it.
          if (cursor) {
            EXPECT_THAT(plan, ContainsRegex("Index Cond: [^\n]*(ROW|revision [<>])"));
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

TEST_F(QueryPlanTest, FiltersReadTheIndexOfTheOrderTooAndStopThere) {
  for (const TaskListQuery& query :
       {TaskListQuery{.search = "title"}, TaskListQuery{.tags = {"a", "b"}}, TaskListQuery{.list_id = kTask},
        TaskListQuery{.priority = v1::PRIORITY_HIGH}, TaskListQuery{.due_before = "2024-02-01"}}) {
    const ListPageSql page = MakeListPageSql("ada", query, TaskListCursor{"2024-01-01T00:00:00Z", kTask}, 51);
    const std::string plan = Plan(page.statement, page.parameters);
    EXPECT_THAT(plan,
                AllOf(HasSubstr("WindowAgg"), HasSubstr("Merge Append"),
                      HasSubstr("Index Scan Backward using tasks_by_creation"), Not(HasSubstr("Seq Scan on tasks"))));
  }
}

TEST_F(QueryPlanTest, WhatAnIndexHelpsWithIsReadFromIt) {
  const auto plan_of = [](const TaskListQuery& query) {
    const ListPageSql page = MakeListPageSql("ada", query, std::nullopt, 51);
    return Plan(page.statement, page.parameters);
  };
  EXPECT_THAT(plan_of({.sort_by = v1::TASK_SORT_BY_POSITION, .list_id = kTask}), HasSubstr("using tasks_of_list"));
  EXPECT_THAT(plan_of({.priority = v1::PRIORITY_LOW, .sort_by = v1::TASK_SORT_BY_PRIORITY}),
              ContainsRegex("using tasks_by_priority[^\n]*\n[^\n]*Index Cond: [^\n]*priority = "));
}

TEST_F(QueryPlanTest, MetricsReadOnlyWhatMayBeOverdue) {
  EXPECT_THAT(Plan(SelectMetrics(), {"ada", "2024-01-02T00:00:00Z", "UTC"}),
              AllOf(ContainsRegex("using tasks_by_due_date[^\n]*\n[^\n]*Index Cond: [^\n]*due_date <= "),
                    Not(HasSubstr("Seq Scan on tasks"))));
}

TEST_F(QueryPlanTest, ChangesAreReadInTheirOrder) {
  const std::string plan = Plan(SelectChanges(), {"ada", "5000", "101"});
  EXPECT_THAT(plan, AllOf(ContainsRegex("Index Scan using tasks_by_change[^\n]*\n[^\n]*Index Cond: [^\n]*revision > "),
                          HasSubstr("Merge Append"), Not(HasSubstr("Seq Scan on tasks"))));
}

TEST_F(QueryPlanTest, OneTaskIsReadByItsKey) {
  EXPECT_THAT(Plan(SelectTask(), {"ada", kTask}), HasSubstr("Index Scan using tasks_pkey"));
}

TEST_F(QueryPlanTest, WhatElseIsReadIsReadByItsKeyToo) {
  const std::tuple<const Statement&, Parameters, const char*> kReads[] = {
      {SelectForExport(), {"ada", kTask, "1001"}, "Index Scan using tasks_pkey"},
      {SelectTags(), {"ada"}, "Index Scan using user_tags_pkey"},
      {SelectTag(), {"ada", "home"}, "Index Scan using user_tags_pkey"},
      {SelectTaskLists(), {"ada"}, "Index Scan using task_lists_"},
      {SelectTaskList(), {"ada", kTask}, "Index Scan using task_lists_pkey"},
      {SelectChangeStates(), {"{ada,bob}"}, "Index Scan using user_counters_pkey"}};
  for (const auto& [statement, parameters, scan] : kReads) {
    EXPECT_THAT(Plan(statement, parameters), AllOf(HasSubstr(scan), Not(HasSubstr("Seq Scan")))) << statement.sql;
  }
}

// What the functions of the schema do is seen by auto_explain alone.
TEST_F(QueryPlanTest, WritesReadByKeysAlone) {
  database_->Execute(R"(
    INSERT INTO todo.user_counters VALUES ('ada', 100000, 10, 10, 10, 10, 10, 10);
    SELECT todo.create_task('ada', '0190b1a8-6f5e-7cc3-9d0a-000000000000', 'x', NULL, false, 2::smallint, NULL, NULL,
      NULL, '{}', NULL, NULL);
    SELECT todo.create_list('ada', '0190b1a8-6f5e-7cc3-9d0a-000000000000', 'x', NULL, 200, NULL, NULL))");
  const std::string kChange = R"([{"op": "%", "id": "0190b1a8-6f5e-7cc3-9d0a-000000000000", "set": {"title": "%"}}])";
  const auto change = [&kChange](const std::string& operation, const std::string& key) {
    return absl::StrCat("todo.change_tasks('ada', '", absl::StrReplaceAll(kChange, {{"%", operation}}), "', ", key,
                        ", 'x')");
  };
  const std::string kWrites[] = {
      "todo.create_task('ada', gen_random_uuid(), 'x', NULL, false, 2::smallint, NULL, NULL, NULL, '{a}', NULL, NULL)",
      R"(todo.create_tasks('ada', '[{"id": "0190b1a8-6f5e-7cc3-9d0a-000000000001", "name": "x"}]', 200,
        jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'title', 'x', 'is_completed', false, 'priority', 2,
        'tags', '{}'::text[], 'list_id', '0190b1a8-6f5e-7cc3-9d0a-000000000000')), 'key', 'x'))",
      change("update", "'another key'"),
      change("toggle", "'a third key'"),
      change("delete", "NULL"),
      change("undelete", "NULL"),
      "todo.create_list('ada', gen_random_uuid(), 'x', NULL, 200, NULL, NULL)",
      R"(todo.change_list('ada', '0190b1a8-6f5e-7cc3-9d0a-000000000000', NULL, '{"name": "y"}', NULL, NULL))",
      "todo.delete_list('ada', '0190b1a8-6f5e-7cc3-9d0a-000000000000', NULL, 1000)",
      "todo.delete_tag('user 1', 'tag 1', '00000000-0000-0000-0000-000000000000', 1000)",
      "todo.forget_user('user 2', 1000)",
      "todo.purge(1000)"};
  for (const std::string& write : kWrites) {
    const std::string plans = NestedPlans("SELECT * FROM " + write);
    EXPECT_THAT(plans, Not(ContainsRegex("Seq Scan on (tasks|user_counters|user_tags|task_lists|idempotency_keys)")))
        << write;
    if (write.find("change_tasks") != std::string::npos) {
      EXPECT_THAT(plans, ContainsRegex("Update on tasks[^\n]*\n[^\n]*Index Scan using tasks_pkey")) << write;
    }
  }
}

}  // namespace
}  // namespace todo::testing
