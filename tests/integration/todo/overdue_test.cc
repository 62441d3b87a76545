// What is too late, for whom and from which instant on: across the changes of the clocks in three zones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/todo/call_results.h"
#include "tests/support/todo/running_todo.h"

namespace todo::testing {
namespace {

using ::testing::ElementsAre;

class OverdueTest : public ::testing::Test {
 protected:
  void Create(const std::string& date, const std::string& time, const std::string& zone) {
    v1::Task task;
    task.set_title("Buy milk");
    task.set_due_date(date);
    if (!time.empty()) task.set_due_time(time);
    if (!zone.empty()) task.set_time_zone(zone);
    todo_.Create("ada", task);
  }

  int OverdueAt(const std::string& instant, const std::string& zone) {
    std::string error;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, instant, &todo_.clock().now, &error)) << error;
    v1::GetTaskMetricsRequest request;
    request.set_user_id("ada");
    request.set_time_zone(zone);
    v1::GetTaskMetricsResponse response;
    EXPECT_TRUE(todo_.Call(&Stub::GetTaskMetrics, "ada", request, &response).ok());
    return response.overdue();
  }

  // Not yet at the second before, and from the instant itself on.
  void ExpectOverdueFrom(const std::string& instant, const std::string& second_before, const std::string& zone) {
    EXPECT_EQ(OverdueAt(second_before, zone), 0) << second_before << " in " << zone;
    EXPECT_EQ(OverdueAt(instant, zone), 1) << instant << " in " << zone;
  }

  RunningTodo todo_;
};

TEST_F(OverdueTest, AZoneThatDoesNotExistIsAFieldViolation) {
  for (const char* zone : {"Europe/Nowhere", "europe/berlin", "UTC+3", "PST", "posix/UTC", "localtime", "../UTC"}) {
    v1::GetTaskMetricsRequest request;
    request.set_user_id("ada");
    request.set_time_zone(zone);
    v1::GetTaskMetricsResponse response;
    EXPECT_THAT(ViolationsOf(todo_.Call(&Stub::GetTaskMetrics, "ada", request, &response)), ElementsAre("time_zone"))
        << zone;
    v1::CreateTaskRequest create;
    create.set_user_id("ada");
    create.mutable_task()->set_title("Buy milk");
    create.mutable_task()->set_due_date("2024-05-01");
    create.mutable_task()->set_time_zone(zone);
    v1::CreateTaskResponse created;
    EXPECT_THAT(ViolationsOf(todo_.Call(&Stub::CreateTask, "ada", create, &created)), ElementsAre("task.time_zone"))
        << zone;
  }
}

// The clocks go forward on 2024-03-31 at 01:00Z in Berlin, on 2024-03-10 at 07:00Z in New York and on 2024-10-05 at
// 15:30Z on Lord Howe Island, there by half an hour; they go back on 2024-10-27 at 01:00Z, 2024-11-03 at 06:00Z and
// 2024-04-06 at 15:00Z.

TEST_F(OverdueTest, ADayEndsWithTheUsersOwnOnTheDayTheClocksGoForward) {
  Create("2024-03-31", "", "");
  ExpectOverdueFrom("2024-03-31T22:00:00Z", "2024-03-31T21:59:59Z", "Europe/Berlin");
}

TEST_F(OverdueTest, ADayEndsWithTheUsersOwnOnTheDayTheClocksGoBack) {
  Create("2024-11-03", "", "");
  ExpectOverdueFrom("2024-11-04T05:00:00Z", "2024-11-04T04:59:59Z", "America/New_York");
}

TEST_F(OverdueTest, ADayEndsWithTheUsersOwnWhereTheClocksMoveByHalfAnHour) {
  Create("2024-10-06", "", "");
  ExpectOverdueFrom("2024-10-06T13:00:00Z", "2024-10-06T12:59:59Z", "Australia/Lord_Howe");
}

TEST_F(OverdueTest, ADayWithAZoneOfItsOwnEndsThereWhereverTheUserIs) {
  Create("2024-10-27", "", "Europe/Berlin");
  for (const char* zone : {"UTC", "America/New_York", "Australia/Lord_Howe"}) {
    ExpectOverdueFrom("2024-10-27T23:00:00Z", "2024-10-27T22:59:59Z", zone);
  }
}

TEST_F(OverdueTest, ATimeOfDayThatTheClocksLeaveOutIsReadWithTheOffsetBefore) {
  Create("2024-03-10", "02:30", "America/New_York");
  ExpectOverdueFrom("2024-03-10T07:30:00Z", "2024-03-10T07:29:59Z", "UTC");
}

TEST_F(OverdueTest, ATimeOfDayThatComesTwiceIsTheLaterOne) {
  Create("2024-10-27", "02:30", "Europe/Berlin");
  ExpectOverdueFrom("2024-10-27T01:30:00Z", "2024-10-27T01:29:59Z", "UTC");
}

TEST_F(OverdueTest, ATimeOfDayWithAZoneOfHalfHourChangesIsThere) {
  Create("2024-04-07", "01:45", "Australia/Lord_Howe");
  ExpectOverdueFrom("2024-04-06T15:15:00Z", "2024-04-06T15:14:59Z", "UTC");
}

TEST_F(OverdueTest, ATimeOfDayWithoutAZoneIsOnTheUsersWall) {
  Create("2024-03-31", "03:00", "");
  ExpectOverdueFrom("2024-03-31T01:00:00Z", "2024-03-31T00:59:59Z", "Europe/Berlin");
  ExpectOverdueFrom("2024-03-31T07:00:00Z", "2024-03-31T06:59:59Z", "America/New_York");
}

TEST_F(OverdueTest, TheDateLineIsNoLimit) {
  Create("2024-05-02", "00:30", "Pacific/Kiritimati");
  ExpectOverdueFrom("2024-05-01T10:30:00Z", "2024-05-01T10:29:59Z", "Pacific/Pago_Pago");
}

TEST_F(OverdueTest, WhatIsDoneOrInTheTrashIsNotTooLate) {
  Create("2024-05-01", "", "");
  EXPECT_EQ(OverdueAt("2024-06-01T00:00:00Z", "UTC"), 1);
  todo_.database().Execute("UPDATE todo.tasks SET is_completed = true, completed_at = now()");
  EXPECT_EQ(OverdueAt("2024-06-01T00:00:00Z", "UTC"), 0);
  todo_.database().Execute("UPDATE todo.tasks SET is_completed = false, completed_at = NULL, deleted_at = now()");
  EXPECT_EQ(OverdueAt("2024-06-01T00:00:00Z", "UTC"), 0);
}

}  // namespace
}  // namespace todo::testing
