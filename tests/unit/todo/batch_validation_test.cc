// What batches, imports, filters and the newer fields of a task may be: each limit at its edge and one past it.
#include "services/todo/batch_validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/todo/timestamps.h"
#include "tests/support/todo/call_results.h"

namespace todo {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using todo::testing::ViolationsOf;

constexpr char kTaskId[] = "0190b1a8-6f5e-7cc3-9d0a-00000000abcd";

std::string Repeat(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

std::vector<std::string> TaskViolations(const v1::Task& fields) {
  v1::CreateTaskRequest request;
  *request.mutable_task() = fields;
  request.mutable_task()->set_title("Buy milk");
  return ViolationsOf(ValidateCreate(request).status());
}

TEST(ValidateTask, LimitsTags) {
  v1::Task task;
  task.add_tags(" ");
  task.add_tags(Repeat("\xf0\x9f\x98\x80", 51));
  task.add_tags("a\nb");
  EXPECT_THAT(TaskViolations(task), ElementsAre("task.tags[0]", "task.tags[1]", "task.tags[2]"));
  v1::Task at_the_edge;
  for (int i = 0; i < 20; ++i) at_the_edge.add_tags(Repeat("\xf0\x9f\x98\x80", 48) + std::to_string(10 + i));
  at_the_edge.add_tags(" " + at_the_edge.tags(0) + " ");  // the same tag
  EXPECT_THAT(TaskViolations(at_the_edge), IsEmpty());
  at_the_edge.add_tags("one too many");
  EXPECT_THAT(TaskViolations(at_the_edge), ElementsAre("task.tags"));
}

TEST(ValidateTask, TakesTimesOfDayThatExist) {
  for (const char* time :
       {"", "24:00", "12:60", "1:00", "12:0", "12:000", "12-00", "aa:bb", "12:00:00", " 12:00", "-1:00"}) {
    v1::Task task;
    task.set_due_date("2024-05-01");
    task.set_due_time(time);
    EXPECT_THAT(TaskViolations(task), ElementsAre("task.due_time")) << time;
  }
  for (const char* time : {"00:00", "09:59", "19:30", "23:59"}) {
    v1::Task task;
    task.set_due_date("2024-05-01");
    task.set_due_time(time);
    EXPECT_THAT(TaskViolations(task), IsEmpty()) << time;
  }
}

TEST(ValidateTask, RefusesWhatCannotBeTheNameOfATimeZone) {
  for (const std::string& zone :
       {std::string(), std::string("Europe Berlin"), std::string("'; DROP"), Repeat("a", 65)}) {
    v1::Task task;
    task.set_due_date("2024-05-01");
    task.set_time_zone(zone);
    EXPECT_THAT(TaskViolations(task), ElementsAre("task.time_zone")) << zone;
  }
}

TEST(ValidateTask, TimeAndZoneNeedADay) {
  v1::Task task;
  task.set_due_time("10:00");
  task.set_time_zone("Europe/Berlin");
  EXPECT_THAT(TaskViolations(task), ElementsAre("task.due_time", "task.time_zone"));
}

TEST(ValidateTask, NamesAListIdAndAPositionThatAreNone) {
  v1::Task task;
  task.set_list_id("home");
  task.set_position("first");
  task.mutable_deleted_at();
  EXPECT_THAT(TaskViolations(task), UnorderedElementsAre("task.deleted_at", "task.list_id", "task.position"));
}

TEST(ValidateTask, LimitsTheIdempotencyKey) {
  for (const auto& [key, is_good] : std::vector<std::pair<std::string, bool>>{
           {Repeat("k", 255), true}, {Repeat("k", 256), false}, {"a b", false}, {"\xc3\xa9", false}, {"~!", true}}) {
    v1::CreateTaskRequest request;
    request.mutable_task()->set_title("Buy milk");
    request.set_idempotency_key(key);
    EXPECT_EQ(ViolationsOf(ValidateCreate(request).status()).empty(), is_good) << key;
  }
}

TEST(RepeatableCall, HasAnotherFingerprintForAnotherContentOrMethod) {
  v1::CreateTaskRequest request;
  request.set_user_id("ada");
  request.mutable_task()->set_title("Buy milk");
  request.set_idempotency_key("key");
  const std::string fingerprint = ValidateCreate(request)->call.fingerprint;
  EXPECT_EQ(ValidateCreate(request)->call.fingerprint, fingerprint);
  request.mutable_task()->set_title("Buy bread");
  EXPECT_NE(ValidateCreate(request)->call.fingerprint, fingerprint);
  v1::ToggleTaskRequest toggle;
  toggle.set_task_id(kTaskId);
  toggle.set_idempotency_key("key");
  v1::CompleteTaskRequest complete;
  complete.set_task_id(kTaskId);
  complete.set_idempotency_key("key");
  EXPECT_NE(ValidateToggle(toggle)->call.fingerprint, ValidateComplete(complete)->call.fingerprint);
}

TEST(ValidateBatchCreate, TakesOneToAHundredAndNamesTheEntry) {
  v1::BatchCreateTasksRequest request;
  EXPECT_THAT(ViolationsOf(ValidateBatchCreate(request).status()), ElementsAre("tasks"));
  for (int i = 0; i < 100; ++i) request.add_tasks()->set_title("Buy milk");
  EXPECT_TRUE(ValidateBatchCreate(request).ok());
  request.mutable_tasks(3)->set_title("");
  request.mutable_tasks(99)->set_due_date("soon");
  EXPECT_THAT(ViolationsOf(ValidateBatchCreate(request).status()), ElementsAre("tasks[3].title", "tasks[99].due_date"));
  request.add_tasks();
  EXPECT_THAT(ViolationsOf(ValidateBatchCreate(request).status()), ElementsAre("tasks"));
}

TEST(ValidateBatchUpdate, NamesTheEntryAndATaskThatStandsTwice) {
  v1::BatchUpdateTasksRequest request;
  request.add_updates()->set_task_id(kTaskId);
  request.add_updates()->set_task_id("0190B1A8-6F5E-7CC3-9D0A-00000000ABCD");
  request.add_updates()->mutable_task()->set_due_date("soon");
  EXPECT_THAT(ViolationsOf(ValidateBatchUpdate(request).status()),
              UnorderedElementsAre("updates[1].task_id", "updates[2].task_id", "updates[2].task.due_date"));
}

TEST(ValidateBatchDelete, NamesTheEntry) {
  v1::BatchDeleteTasksRequest request;
  request.add_deletions()->set_task_id("7");
  EXPECT_THAT(ViolationsOf(ValidateBatchDelete(request).status()), ElementsAre("deletions[0].task_id"));
}

TEST(ValidateImport, NamesEveryBadRow) {
  v1::ImportTasksRequest request;
  request.add_lists()->set_name("Home");
  request.add_lists()->set_id("work");
  for (int i = 0; i < 3; ++i) request.add_tasks()->set_title("Buy milk");
  request.mutable_tasks(0)->set_list_id("nowhere");
  request.mutable_tasks(1)->mutable_created_at()->set_nanos(1);
  request.mutable_tasks(2)->set_title("\n");
  EXPECT_THAT(ViolationsOf(ValidateImport(request, absl::UnixEpoch()).status()),
              UnorderedElementsAre("lists[0].id", "lists[1].name", "tasks[0].list_id", "tasks[1].created_at",
                                   "tasks[2].title"));
}

TEST(ValidateImport, TakesAThousandTasksAndNoMore) {
  v1::ImportTasksRequest request;
  for (int i = 0; i < 1000; ++i) request.add_tasks()->set_title("Buy milk");
  EXPECT_TRUE(ValidateImport(request, absl::UnixEpoch()).ok());
  request.add_tasks()->set_title("Buy milk");
  EXPECT_THAT(ViolationsOf(ValidateImport(request, absl::UnixEpoch()).status()), ElementsAre("tasks"));
}

TEST(ValidateImport, IgnoresWhatTheServiceSetsAndKeepsTimes) {
  v1::ImportTasksRequest request;
  v1::Task& task = *request.add_tasks();
  task.set_title("Buy milk");
  task.set_id("whatever");
  task.set_user_id("bob");
  task.set_etag("7");
  *task.mutable_created_at() = ToProto(absl::FromUnixSeconds(1));
  const auto import = ValidateImport(request, absl::UnixEpoch());
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_EQ(import->create.tasks[0].created_at, absl::FromUnixSeconds(1));
}

TEST(ValidateList, NamesFiltersThatAreNone) {
  v1::ListTasksRequest request;
  request.add_tags("");
  request.set_list_id("home");
  request.set_search(Repeat("x", 256));
  request.set_due_before("soon");
  request.set_due_after("2024-02-30");
  request.set_time_zone("nowhere at all");
  EXPECT_THAT(ViolationsOf(ValidateList(request).status()),
              UnorderedElementsAre("tags[0]", "list_id", "search", "due_before", "due_after", "time_zone"));
}

}  // namespace
}  // namespace todo
