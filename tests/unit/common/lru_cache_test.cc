#include "common/core/lru_cache.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace common {
namespace {

// Keys of one shard, so that the order of use shows.
Sha256Digest Key(uint8_t number) {
  Sha256Digest key{};
  key.bytes[0] = number;
  return key;
}

std::shared_ptr<const int> Value(int number) { return std::make_shared<const int>(number); }

constexpr size_t kShards = 16;
constexpr size_t kPlenty = 1 << 20;

TEST(LruCache, DropsWhatWasNotUsedForLongest) {
  LruCache<int> cache(2 * kShards, kPlenty);
  cache.Insert(Key(1), Value(1), 1);
  cache.Insert(Key(2), Value(2), 1);
  ASSERT_NE(cache.Find(Key(1)), nullptr);
  cache.Insert(Key(3), Value(3), 1);
  EXPECT_EQ(cache.Find(Key(2)), nullptr);
  EXPECT_EQ(*cache.Find(Key(1)), 1);
  EXPECT_EQ(*cache.Find(Key(3)), 3);
}

TEST(LruCache, NeverDropsWhatIsUsedAgainAndAgain) {
  LruCache<int> cache(8 * kShards, kPlenty);
  cache.Insert(Key(0), Value(0), 1);
  for (uint8_t i = 1; i < 200; ++i) {
    cache.Insert(Key(i), Value(i), 1);
    ASSERT_NE(cache.Find(Key(0)), nullptr) << "after " << int{i};
  }
  // Used seldom, but not for longest unused.
  for (uint8_t i = 200; i < 248; i += 4) {
    for (uint8_t more = 0; more < 4; ++more) cache.Insert(Key(static_cast<uint8_t>(i + more)), Value(i), 1);
    ASSERT_NE(cache.Find(Key(0)), nullptr) << "after " << int{i};
  }
}

TEST(LruCache, IsBoundedInBytes) {
  LruCache<int> cache(1000 * kShards, 1000 * kShards);
  for (uint8_t i = 0; i < 10; ++i) cache.Insert(Key(i), Value(i), 200);
  int kept = 0;
  for (uint8_t i = 0; i < 10; ++i) kept += cache.Find(Key(i)) != nullptr ? 1 : 0;
  EXPECT_LE(kept, 5);
  EXPECT_NE(cache.Find(Key(9)), nullptr);
  cache.Insert(Key(99), Value(99), 2000);
  EXPECT_EQ(cache.Find(Key(99)), nullptr) << "larger than all there is";
  EXPECT_NE(cache.Find(Key(9)), nullptr) << "and nothing was dropped for it";
}

TEST(LruCache, ReplacesAndErases) {
  LruCache<int> cache(10 * kShards, kPlenty);
  cache.Insert(Key(1), Value(1), 1);
  cache.Insert(Key(1), Value(2), 1);
  EXPECT_EQ(*cache.Find(Key(1)), 2);
  const std::shared_ptr<const int> held = cache.Find(Key(1));
  cache.Erase(Key(1));
  EXPECT_EQ(cache.Find(Key(1)), nullptr);
  EXPECT_EQ(*held, 2);
  cache.Erase(Key(1));
}

TEST(LruCache, KeepsNothingWhereItMayNot) {
  LruCache<int> cache(0, kPlenty);
  cache.Insert(Key(1), Value(1), 1);
  EXPECT_EQ(cache.Find(Key(1)), nullptr);
}

}  // namespace
}  // namespace common
