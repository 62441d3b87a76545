#include "services/todo/task_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/todo/timestamps.h"
#include "tests/support/todo/call_results.h"

namespace todo {
namespace {

using ::testing::ElementsAre;
using todo::testing::ReasonOf;
using todo::testing::ViolationsOf;

const absl::Time kCreated = absl::FromUnixMicros(1700000000123456);

v1::Task PendingTask() {
  v1::Task task;
  task.set_etag("7");
  *task.mutable_created_at() = ToProto(kCreated);
  *task.mutable_updated_at() = ToProto(kCreated);
  return task;
}

TEST(CheckExpectation, PutsAStaleEtagBeforeAllElse) {
  TaskExpectation expected;
  expected.etag = "6";
  expected.created_at = absl::UnixEpoch();
  const absl::Status status = CheckExpectation(expected, PendingTask(), "task.");
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(status), "todo.v1/CONFLICT");
}

TEST(CheckExpectation, TellsAPreconditionFromAnEtagThatWasSentBack) {
  TaskExpectation expected;
  expected.precondition = "6";
  expected.etag = "7";
  EXPECT_EQ(ReasonOf(CheckExpectation(expected, PendingTask(), "task.")), "todo.v1/PRECONDITION_FAILED");
}

TEST(CheckExpectation, NamesEachOutputOnlyFieldThatDiffers) {
  TaskExpectation expected;
  expected.created_at = absl::UnixEpoch();
  expected.updated_at = kCreated + absl::Microseconds(1);
  expected.completed_at = kCreated;
  EXPECT_THAT(ViolationsOf(CheckExpectation(expected, PendingTask(), "task.")),
              ElementsAre("task.created_at", "task.updated_at", "task.completed_at"));
}

TEST(CheckExpectation, TakesWhatWasGivenOut) {
  TaskExpectation expected;
  expected.etag = "7";
  expected.created_at = kCreated;
  expected.updated_at = kCreated;
  expected.completed_at.emplace();
  EXPECT_TRUE(CheckExpectation(expected, PendingTask(), "task.").ok());
}

TEST(CheckExpectation, TakesAnythingWhereNothingIsExpected) {
  EXPECT_TRUE(CheckExpectation({}, PendingTask(), "task.").ok());
}

}  // namespace
}  // namespace todo
