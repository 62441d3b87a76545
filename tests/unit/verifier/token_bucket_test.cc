#include "services/verifier/token_bucket.h"

#include <gtest/gtest.h>

namespace verifier {
namespace {

TEST(TokenBucket, AllowsTheBurstAndThenOneEachInterval) {
  const absl::Time start = absl::FromUnixSeconds(1000);
  TokenBucket bucket(2, absl::Seconds(10));
  EXPECT_TRUE(bucket.Take(start));
  EXPECT_TRUE(bucket.Take(start));
  EXPECT_FALSE(bucket.Take(start));
  EXPECT_FALSE(bucket.Take(start + absl::Seconds(9)));
  EXPECT_TRUE(bucket.Take(start + absl::Seconds(10)));
  EXPECT_FALSE(bucket.Take(start + absl::Seconds(11)));
}

TEST(TokenBucket, NeverSavesUpMoreThanTheBurst) {
  const absl::Time start = absl::FromUnixSeconds(1000);
  TokenBucket bucket(2, absl::Seconds(10));
  EXPECT_TRUE(bucket.Take(start));
  const absl::Time later = start + absl::Hours(1);
  EXPECT_TRUE(bucket.Take(later));
  EXPECT_TRUE(bucket.Take(later));
  EXPECT_FALSE(bucket.Take(later));
}

}  // namespace
}  // namespace verifier
