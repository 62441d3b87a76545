#include "common/core/single_flight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace common {
namespace {

using ::testing::ElementsAre;

TEST(SingleFlight, GivesOneResultToAllWhoJoined) {
  SingleFlight<int> flights;
  const Sha256Digest key = Sha256("a");
  std::vector<int> results;
  const auto keep = [&results](int result) { results.push_back(result); };
  EXPECT_TRUE(flights.Join(key, keep));
  EXPECT_FALSE(flights.Join(key, keep));
  EXPECT_TRUE(flights.Join(Sha256("b"), keep)) << "another key is other work";
  flights.Land(key, 1);
  EXPECT_THAT(results, ElementsAre(1, 1));
  EXPECT_TRUE(flights.Join(key, keep)) << "what has landed is done";
  flights.Land(Sha256("b"), 2);
  flights.Land(key, 3);
  EXPECT_THAT(results, ElementsAre(1, 1, 2, 3));
}

TEST(SingleFlight, LetsACallbackBeginAnew) {
  SingleFlight<int> flights;
  const Sha256Digest key = Sha256("a");
  bool began_anew = false;
  ASSERT_TRUE(flights.Join(key, [&](int) { began_anew = flights.Join(key, [](int) {}); }));
  flights.Land(key, 1);
  EXPECT_TRUE(began_anew);
}

}  // namespace
}  // namespace common
