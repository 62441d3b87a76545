#include "services/todo/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "tests/support/todo/call_results.h"

namespace todo {
namespace {

using ::testing::ElementsAre;
using todo::testing::ViolationsOf;

const TokenKey kKey = {1, 2, 3};
constexpr char kTask[] = "0190b1a8-6f5e-7cc3-9d0a-000000000001";

TaskListCursor Cursor() { return {"2024-05-01T10:00:00.123456Z", kTask}; }

std::string Token() { return EncodePageToken(kKey, "ada", {}, Cursor()); }

void ExpectRefused(const absl::StatusOr<TaskListCursor>& decoded) {
  EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(ViolationsOf(decoded.status()), ElementsAre("page_token"));
}

TEST(PageToken, RefusesATokenOfAnotherUser) { ExpectRefused(DecodePageToken(kKey, "bob", {}, Token())); }

TEST(PageToken, RefusesATokenOfAnotherKey) { ExpectRefused(DecodePageToken({9}, "ada", {}, Token())); }

TEST(PageToken, RefusesATokenOfAnotherQuery) {
  for (const TaskListQuery& other :
       {TaskListQuery{.status = v1::TASK_STATUS_PENDING}, TaskListQuery{.priority = v1::PRIORITY_LOW},
        TaskListQuery{.sort_by = v1::TASK_SORT_BY_UPDATED_AT}, TaskListQuery{.is_descending = false},
        TaskListQuery{.show_deleted = true}, TaskListQuery{.tags = {"a"}}, TaskListQuery{.list_id = "a"},
        TaskListQuery{.search = "a"}, TaskListQuery{.due_before = "a"}, TaskListQuery{.due_after = "a"},
        TaskListQuery{.time_zone = "a"}}) {
    ExpectRefused(DecodePageToken(kKey, "ada", other, Token()));
  }
}

TEST(PageToken, RefusesEveryChangedByte) {
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(Token(), &bytes));
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    ExpectRefused(DecodePageToken(kKey, "ada", {}, absl::WebSafeBase64Escape(changed)));
  }
}

TEST(PageToken, RefusesEveryPrefix) {
  const std::string token = Token();
  for (size_t length = 0; length < token.size(); ++length) {
    ExpectRefused(DecodePageToken(kKey, "ada", {}, token.substr(0, length)));
  }
}

TEST(PageToken, RefusesOtherSpellingsOfTheSameBytes) {
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(Token(), &bytes));
  ExpectRefused(DecodePageToken(kKey, "ada", {}, Token() + "="));
  ExpectRefused(DecodePageToken(kKey, "ada", {}, " " + Token()));
  ExpectRefused(DecodePageToken(kKey, "ada", {}, absl::Base64Escape(bytes) + "\n"));
}

TEST(PageToken, RefusesNonsense) {
  for (const char* nonsense : {"x", "null", "../../etc/passwd", "AAAA", "\xff\xfe"}) {
    ExpectRefused(DecodePageToken(kKey, "ada", {}, nonsense));
  }
}

TEST(PageToken, GivesBackTheCursor) {
  const auto decoded = DecodePageToken(kKey, "ada", {}, Token());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->sort_value, Cursor().sort_value);
  EXPECT_EQ(decoded->task_id, kTask);
}

TEST(PageToken, TellsNoSortValueFromAnEmptyOne) {
  for (const std::optional<std::string>& value : {std::optional<std::string>(), std::optional<std::string>("")}) {
    const auto decoded = DecodePageToken(kKey, "ada", {}, EncodePageToken(kKey, "ada", {}, {value, kTask}));
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded->sort_value, value);
  }
}

TEST(PageToken, ShowsNothingOfTheTitleAndIsNewEachTime) {
  const std::string token = EncodePageToken(kKey, "ada", {}, {"a secret title", kTask});
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(token, &bytes));
  EXPECT_EQ(bytes.find("secret"), std::string::npos);
  EXPECT_NE(EncodePageToken(kKey, "ada", {}, {"a secret title", kTask}), token);
}

TEST(PageToken, IsSafeInAUrl) {
  const std::string token = EncodePageToken(kKey, "ada", {}, {"\xf0\x9f\x98\x80 ?&=/+", kTask});
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
}

}  // namespace
}  // namespace todo
