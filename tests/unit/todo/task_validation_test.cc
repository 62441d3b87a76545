#include "services/todo/task_validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/todo/timestamps.h"
#include "tests/support/todo/call_results.h"

namespace todo {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using todo::testing::ViolationsOf;

// Set, and empty.
const auto kCleared = std::make_optional<std::optional<std::string>>();

constexpr char kTaskId[] = "0190b1a8-6f5e-7cc3-9d0a-00000000abcd";

std::string Repeat(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

v1::CreateTaskRequest CreateRequest(const std::string& title = "Buy milk") {
  v1::CreateTaskRequest request;
  request.set_user_id("ada");
  request.mutable_task()->set_title(title);
  return request;
}

std::vector<std::string> CreateViolations(const v1::CreateTaskRequest& request) {
  return ViolationsOf(ValidateCreate(request).status());
}

TEST(ValidateCreate, RefusesATitleThatIsMissingOrWhiteSpace) {
  for (const char* title : {"", " ", "\t\n", "\xe3\x80\x80\xc2\xa0"}) {
    EXPECT_THAT(CreateViolations(CreateRequest(title)), ElementsAre("task.title"));
  }
  EXPECT_THAT(ViolationsOf(ValidateCreate({}).status()), ElementsAre("task.title"));
}

TEST(ValidateCreate, LimitsTheTitleTo255CharactersAfterTrimming) {
  const std::string snowman = "\xe2\x98\x83";
  EXPECT_THAT(CreateViolations(CreateRequest(Repeat(snowman, 256))), ElementsAre("task.title"));
  EXPECT_THAT(CreateViolations(CreateRequest("  " + Repeat(snowman, 255) + "  ")), IsEmpty());
}

TEST(ValidateCreate, RefusesControlCharactersInTheTitle) {
  for (const std::string& title : {std::string("a\nb"), std::string("a\x7f"), std::string("a\0b", 3)}) {
    EXPECT_THAT(CreateViolations(CreateRequest(title)), ElementsAre("task.title"));
  }
}

TEST(ValidateCreate, LimitsTheDescription) {
  v1::CreateTaskRequest request = CreateRequest();
  request.mutable_task()->set_description(Repeat("\xf0\x9f\x98\x80", 2001));
  EXPECT_THAT(CreateViolations(request), ElementsAre("task.description"));
  request.mutable_task()->set_description(std::string("a\0b", 3));
  EXPECT_THAT(CreateViolations(request), ElementsAre("task.description"));
  request.mutable_task()->set_description(Repeat("\xf0\x9f\x98\x80", 1998) + "\n\t");
  EXPECT_THAT(CreateViolations(request), IsEmpty());
}

TEST(ValidateCreate, TakesOnlyDaysThatExist) {
  for (const char* date :
       {"", "2024-02-30", "2023-02-29", "2100-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "0000-01-01",
        "2024-1-1", "20240101", "2024-01-01T00:00", " 2024-01-01", "10000-01-01", "2024/01/01", "-001-01-01"}) {
    v1::CreateTaskRequest request = CreateRequest();
    request.mutable_task()->set_due_date(date);
    EXPECT_THAT(CreateViolations(request), ElementsAre("task.due_date")) << date;
  }
  for (const char* date : {"0001-01-01", "2024-02-29", "2000-02-29", "9999-12-31"}) {
    v1::CreateTaskRequest request = CreateRequest();
    request.mutable_task()->set_due_date(date);
    EXPECT_THAT(CreateViolations(request), IsEmpty()) << date;
  }
}

TEST(ValidateCreate, RefusesWhatTheServiceSets) {
  v1::CreateTaskRequest request = CreateRequest();
  v1::Task& task = *request.mutable_task();
  task.set_id(kTaskId);
  task.set_user_id("bob");
  task.mutable_created_at();
  task.mutable_updated_at();
  task.mutable_completed_at();
  task.set_etag("1");
  EXPECT_THAT(CreateViolations(request), UnorderedElementsAre("task.id", "task.user_id", "task.created_at",
                                                              "task.updated_at", "task.completed_at", "task.etag"));
}

TEST(ValidateCreate, NamesEveryFaultAtOnce) {
  v1::CreateTaskRequest request;
  request.set_user_id(Repeat("u", 256));
  v1::Task& task = *request.mutable_task();
  task.set_description(Repeat("d", 2001));
  task.set_due_date("tomorrow");
  task.set_priority(static_cast<v1::Priority>(9));
  EXPECT_THAT(CreateViolations(request),
              UnorderedElementsAre("user_id", "task.title", "task.description", "task.due_date", "task.priority"));
}

TEST(ValidateCreate, RefusesAUserIdThatHoldsNul) {
  v1::CreateTaskRequest request = CreateRequest();
  request.set_user_id(std::string("a\0b", 3));
  EXPECT_THAT(CreateViolations(request), ElementsAre("user_id"));
}

TEST(ValidateCreate, TrimsTheTitleAndFillsInTheDefaults) {
  v1::CreateTaskRequest request = CreateRequest("\xc2\xa0 Buy milk\n");
  request.mutable_task()->set_user_id("ada");
  const auto create = ValidateCreate(request);
  ASSERT_TRUE(create.ok());
  const NewTask* task = &create->tasks.at(0);
  EXPECT_EQ(task->title, "Buy milk");
  EXPECT_EQ(task->description, std::nullopt);
  EXPECT_FALSE(task->is_completed);
  EXPECT_EQ(task->priority, v1::PRIORITY_MEDIUM);
  EXPECT_EQ(task->due_date, std::nullopt);
}

TEST(ValidateList, RefusesWhatItDoesNotKnow) {
  v1::ListTasksRequest request;
  request.set_status(static_cast<v1::TaskStatus>(9));
  request.set_priority(static_cast<v1::Priority>(9));
  request.set_sort_by(static_cast<v1::TaskSortBy>(9));
  request.set_sort_order(static_cast<v1::SortOrder>(9));
  request.set_page_size(-1);
  EXPECT_THAT(ViolationsOf(ValidateList(request).status()),
              UnorderedElementsAre("status", "priority", "sort_by", "sort_order", "page_size"));
}

TEST(ValidateList, CoercesThePageSize) {
  const std::pair<int, int> kCases[] = {{0, 50}, {1, 1}, {200, 200}, {201, 200}, {2147483647, 200}};
  for (const auto& [asked, given] : kCases) {
    v1::ListTasksRequest request;
    request.set_page_size(asked);
    EXPECT_EQ(ValidateList(request)->page_size, given);
  }
}

TEST(ValidateList, HasADefaultOrderForEachKey) {
  EXPECT_EQ(ValidateList({})->query.sort_by, v1::TASK_SORT_BY_CREATED_AT);
  const std::pair<v1::TaskSortBy, bool> kCases[] = {
      {v1::TASK_SORT_BY_UNSPECIFIED, true}, {v1::TASK_SORT_BY_CREATED_AT, true}, {v1::TASK_SORT_BY_UPDATED_AT, true},
      {v1::TASK_SORT_BY_DUE_DATE, false},   {v1::TASK_SORT_BY_PRIORITY, false},  {v1::TASK_SORT_BY_TITLE, false}};
  for (const auto& [sort_by, is_descending] : kCases) {
    v1::ListTasksRequest request;
    request.set_sort_by(sort_by);
    EXPECT_EQ(ValidateList(request)->query.is_descending, is_descending);
    request.set_sort_order(v1::SORT_ORDER_ASC);
    EXPECT_FALSE(ValidateList(request)->query.is_descending);
    request.set_sort_order(v1::SORT_ORDER_DESC);
    EXPECT_TRUE(ValidateList(request)->query.is_descending);
  }
}

v1::ReplaceTaskRequest ReplaceRequest() {
  v1::ReplaceTaskRequest request;
  request.set_user_id("ada");
  request.set_task_id(kTaskId);
  request.mutable_task()->set_title("Buy milk");
  request.mutable_task()->set_is_completed(false);
  return request;
}

TEST(ValidateReplace, NeedsTitleAndCompletion) {
  v1::ReplaceTaskRequest request;
  request.set_task_id(kTaskId);
  EXPECT_THAT(ViolationsOf(ValidateReplace(request).status()), UnorderedElementsAre("task.title", "task.is_completed"));
}

TEST(ValidateReplace, NamesATaskIdThatIsNoUuid) {
  v1::ReplaceTaskRequest request = ReplaceRequest();
  request.set_task_id("1");
  EXPECT_THAT(ViolationsOf(ValidateReplace(request).status()), ElementsAre("task_id"));
}

TEST(ValidateReplace, RefusesAnotherIdOrOwnerThanThePath) {
  v1::ReplaceTaskRequest request = ReplaceRequest();
  request.mutable_task()->set_id("0190b1a8-6f5e-7cc3-9d0a-000000000000");
  request.mutable_task()->set_user_id("bob");
  EXPECT_THAT(ViolationsOf(ValidateReplace(request).status()), UnorderedElementsAre("task.id", "task.user_id"));
}

TEST(ValidateReplace, RefusesTimesThatCannotHaveBeenGivenOut) {
  v1::ReplaceTaskRequest request = ReplaceRequest();
  request.mutable_task()->mutable_created_at()->set_nanos(1);
  request.mutable_task()->mutable_updated_at()->set_seconds(1LL << 60);
  EXPECT_THAT(ViolationsOf(ValidateReplace(request).status()),
              UnorderedElementsAre("task.created_at", "task.updated_at"));
}

TEST(ValidateReplace, ClearsWhatIsNotSentButThePriority) {
  const auto replace = ValidateReplace(ReplaceRequest());
  ASSERT_TRUE(replace.ok());
  EXPECT_EQ(replace->changes.at(0).title, "Buy milk");
  EXPECT_EQ(replace->changes.at(0).is_completed, false);
  EXPECT_EQ(replace->changes.at(0).description, kCleared);
  EXPECT_EQ(replace->changes.at(0).due_date, kCleared);
  EXPECT_EQ(replace->changes.at(0).priority, std::nullopt);
  EXPECT_EQ(replace->changes.at(0).expected.etag, std::nullopt);
}

TEST(ValidateReplace, ExpectsWhatWasSentBack) {
  v1::ReplaceTaskRequest request = ReplaceRequest();
  request.set_task_id("0190B1A8-6F5E-7CC3-9D0A-00000000ABCD");
  const absl::Time created = absl::FromUnixMicros(1700000000123456);
  v1::Task& task = *request.mutable_task();
  task.set_id(kTaskId);
  task.set_user_id("ada");
  task.set_etag("7");
  *task.mutable_created_at() = ToProto(created);
  const auto replace = ValidateReplace(request);
  ASSERT_TRUE(replace.ok()) << replace.status();
  EXPECT_EQ(replace->changes.at(0).task_id, kTaskId);
  EXPECT_EQ(replace->changes.at(0).expected.etag, "7");
  EXPECT_EQ(replace->changes.at(0).expected.created_at, created);
  EXPECT_EQ(replace->changes.at(0).expected.completed_at, std::nullopt);
}

v1::UpdateTaskRequest UpdateRequest(const std::vector<std::string>& mask) {
  v1::UpdateTaskRequest request;
  request.set_user_id("ada");
  request.set_task_id(kTaskId);
  request.mutable_update_mask();
  for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
  return request;
}

TEST(ValidateUpdate, RefusesMasksThatNameNoField) {
  for (const char* path : {"*", "", "nonsense", "task.title", "created_at.seconds", "Title"}) {
    EXPECT_THAT(ViolationsOf(ValidateUpdate(UpdateRequest({path})).status()), Contains("update_mask")) << path;
  }
}

TEST(ValidateUpdate, RefusesToClearWhatCannotBeCleared) {
  EXPECT_THAT(ViolationsOf(ValidateUpdate(UpdateRequest({"title", "is_completed", "priority"})).status()),
              UnorderedElementsAre("task.title", "task.is_completed", "task.priority"));
}

TEST(ValidateUpdate, ClearsWhatTheMaskNamesAndTheTaskDoesNotHave) {
  const auto update = ValidateUpdate(UpdateRequest({"description", "due_date"}));
  ASSERT_TRUE(update.ok());
  EXPECT_EQ(update->changes.at(0).description, kCleared);
  EXPECT_EQ(update->changes.at(0).due_date, kCleared);
  EXPECT_EQ(update->changes.at(0).title, std::nullopt);
}

TEST(ValidateUpdate, IgnoresWhatTheMaskDoesNotName) {
  v1::UpdateTaskRequest request = UpdateRequest({"title"});
  request.mutable_task()->set_title("Buy milk");
  request.mutable_task()->set_description("two litres");
  request.mutable_task()->set_due_date("nonsense");
  const auto update = ValidateUpdate(request);
  ASSERT_TRUE(update.ok());
  EXPECT_EQ(update->changes.at(0).title, "Buy milk");
  EXPECT_EQ(update->changes.at(0).description, std::nullopt);
  EXPECT_EQ(update->changes.at(0).due_date, std::nullopt);
}

TEST(ValidateUpdate, ComparesACompletionTimeThatTheMaskNamesEvenWhereItIsUnset) {
  const auto update = ValidateUpdate(UpdateRequest({"completed_at"}));
  ASSERT_TRUE(update.ok());
  EXPECT_EQ(update->changes.at(0).expected.completed_at, std::make_optional<std::optional<absl::Time>>());
}

TEST(ValidateUpdate, ChangesTheFieldsThatAreSetWhereThereIsNoMask) {
  v1::UpdateTaskRequest request;
  request.set_user_id("ada");
  request.set_task_id(kTaskId);
  request.mutable_task()->set_is_completed(false);
  request.mutable_task()->set_description("");
  const auto update = ValidateUpdate(request);
  ASSERT_TRUE(update.ok());
  EXPECT_EQ(update->changes.at(0).is_completed, false);
  EXPECT_EQ(update->changes.at(0).description, std::make_optional<std::optional<std::string>>(""));
  EXPECT_EQ(update->changes.at(0).title, std::nullopt);
  EXPECT_EQ(update->changes.at(0).priority, std::nullopt);
}

TEST(ValidateId, NamesAnIdThatIsNoUuid) {
  EXPECT_THAT(ViolationsOf(ValidateId("ada", "1' OR '1'='1", "task_id").status()), ElementsAre("task_id"));
}

}  // namespace
}  // namespace todo
