#include "services/todo/sync_token.h"

#include <gtest/gtest.h>

namespace todo {
namespace {

const TokenKey kKey = {1, 2, 3};
constexpr int64_t kMonth = int64_t{30} * 24 * 3600 * 1000000;
constexpr SyncPosition kPosition = {.began_at = 7, .number = 5, .known_at = 1000};

TEST(SyncToken, RefusesWhatIsOfAnotherUserOrKeyOrOfSomeonesOwnMaking) {
  const std::string token = EncodeSyncToken(kKey, "ada", kPosition);
  EXPECT_FALSE(DecodeSyncToken(kKey, "bob", token));
  EXPECT_FALSE(DecodeSyncToken({9}, "ada", token));
  for (const std::string& forged :
       {std::string(), std::string("5"), std::string("nonsense"), token + "A", token.substr(1),
        Seal(kKey, "ada", "page", "7,5,1000"), Seal(kKey, "ada", "sync", "7,5"), Seal(kKey, "ada", "sync", "a,b,c")}) {
    EXPECT_FALSE(DecodeSyncToken(kKey, "ada", forged)) << forged;
  }
}

TEST(SyncToken, GivesBackThePosition) {
  const auto position = DecodeSyncToken(kKey, "ada", EncodeSyncToken(kKey, "ada", kPosition));
  ASSERT_TRUE(position);
  EXPECT_EQ(position->began_at, kPosition.began_at);
  EXPECT_EQ(position->number, kPosition.number);
  EXPECT_EQ(position->known_at, kPosition.known_at);
}

TEST(SyncPosition, ExpiresAfterThirtyDays) {
  EXPECT_FALSE(IsExpired(kPosition, {.began_at = 7, .last_number = 5, .now = 999 + kMonth}));
  EXPECT_TRUE(IsExpired(kPosition, {.began_at = 7, .last_number = 5, .now = 1000 + kMonth}));
}

TEST(SyncPosition, ExpiresWhereTheCountBeganAnewOrWentBack) {
  EXPECT_TRUE(IsExpired(kPosition, {.began_at = 8, .last_number = 5, .now = 1000}));
  EXPECT_TRUE(IsExpired(kPosition, {.began_at = 0, .last_number = 0, .now = 1000}));
  EXPECT_TRUE(IsExpired(kPosition, {.began_at = 7, .last_number = 4, .now = 1000}));
}

TEST(SyncPosition, NeverExpiresForWhoKnowsOfNothing) {
  EXPECT_FALSE(IsExpired({}, {.began_at = 8, .last_number = 5, .now = 10 * kMonth}));
}

}  // namespace
}  // namespace todo
