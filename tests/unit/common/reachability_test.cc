#include "common/grpc/reachability.h"

#include <gtest/gtest.h>

namespace common {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr Reachability::Time kNow{hours(1000)};

TEST(Reachability, IsWorthWaitingForUntilItHasBeenAwayForTooLong) {
  Reachability server(kPatience);
  EXPECT_TRUE(server.IsWorthWaiting(kNow));
  EXPECT_TRUE(server.IsWorthWaiting(kNow + milliseconds(899)));
  EXPECT_FALSE(server.IsWorthWaiting(kNow + milliseconds(900)));
  EXPECT_FALSE(server.IsWorthWaiting(kNow + hours(1))) << "and each call is failed at once";
}

TEST(Reachability, CountsFromTheFirstCallThatFoundNobodyHoweverQuietItWasBefore) {
  Reachability server(kPatience);
  server.OnAnswer(grpc::StatusCode::OK);
  EXPECT_TRUE(server.IsWorthWaiting(kNow + hours(1)));
  EXPECT_TRUE(server.IsWorthWaiting(kNow + hours(1) + milliseconds(899)));
  EXPECT_FALSE(server.IsWorthWaiting(kNow + hours(1) + milliseconds(900)));
}

TEST(Reachability, IsInReachAgainWithAnyAnswer) {
  for (const auto code : {grpc::StatusCode::OK, grpc::StatusCode::NOT_FOUND, grpc::StatusCode::UNAVAILABLE}) {
    Reachability server(kPatience);
    EXPECT_TRUE(server.IsWorthWaiting(kNow));
    server.OnAnswer(code);
    EXPECT_TRUE(server.IsWorthWaiting(kNow + hours(1))) << code;
  }
}

TEST(Reachability, IsNotInReachBecauseACallerGaveUp) {
  for (const auto code : {grpc::StatusCode::CANCELLED, grpc::StatusCode::DEADLINE_EXCEEDED}) {
    Reachability server(kPatience);
    EXPECT_TRUE(server.IsWorthWaiting(kNow));
    server.OnAnswer(code);
    EXPECT_FALSE(server.IsWorthWaiting(kNow + milliseconds(900))) << code;
  }
}

TEST(Reachability, WithoutPatienceNothingIsWaitedFor) {
  EXPECT_FALSE(Reachability(absl::ZeroDuration()).IsWorthWaiting(kNow));
}

}  // namespace
}  // namespace common
