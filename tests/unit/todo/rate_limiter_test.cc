#include "services/todo/rate_limiter.h"

#include <gtest/gtest.h>

namespace todo {
namespace {

class RateLimiterTest : public ::testing::Test {
 protected:
  bool Take(const std::string& user = "ada") { return limiter_.Take(user, now_) == absl::ZeroDuration(); }
  void Pass(int milliseconds) { now_ += std::chrono::milliseconds(milliseconds); }

  RateLimiter limiter_{50};
  Deadline now_ = Deadline() + std::chrono::hours(1);
};

TEST_F(RateLimiterTest, RefusesTheCallAfterTheBurstAndSaysHowLongToWait) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Take()) << i;
  EXPECT_EQ(limiter_.Take("ada", now_), absl::Milliseconds(20));
}

TEST_F(RateLimiterTest, ARefusedCallCostsNothing) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Take());
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(Take());
  Pass(20);
  EXPECT_TRUE(Take());
  EXPECT_FALSE(Take());
}

TEST_F(RateLimiterTest, HoldsTheRateInTheLongRun) {
  int taken = 0;
  for (int i = 0; i < 10000; ++i, Pass(1)) taken += Take() ? 1 : 0;
  EXPECT_GE(taken, 100 + 499);
  EXPECT_LE(taken, 100 + 501);
}

TEST_F(RateLimiterTest, UsersDoNotShare) {
  for (int i = 0; i < 101; ++i) Take("ada");
  EXPECT_TRUE(Take("bob"));
}

TEST_F(RateLimiterTest, ForgettingUsersChangesNothingForThem) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Take());
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(Take("user " + std::to_string(i)));
  EXPECT_FALSE(Take());
}

TEST(RateLimiter, ZeroLetsEverythingThrough) {
  RateLimiter limiter(0);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(limiter.Take("ada", Deadline()), absl::ZeroDuration());
}

}  // namespace
}  // namespace todo
