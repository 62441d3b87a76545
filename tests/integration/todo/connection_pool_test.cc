#include "services/todo/connection_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "services/todo/database_url.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/test_database.h"

namespace todo::testing {
namespace {

Deadline Soon() { return DeadlineAfter(absl::Seconds(10)); }

class ConnectionPoolTest : public ::testing::Test {
 protected:
  ConnectionPoolOptions Options(int size) const {
    return {.connection_string = *ToConnectionString(database_.url()), .size = size, .check = nullptr};
  }

  bool BecomesConnections(int count) {
    return Eventually([&] { return database_.ServiceConnections() == count; });
  }

  TestDatabase database_{TestDatabase::Schema::kNone};
};

TEST_F(ConnectionPoolTest, SaysWhyWhereNoServerIs) {
  ConnectionPool pool({.connection_string = "host=/nonexistent", .check = nullptr});
  const auto lease = pool.Acquire(Soon());
  EXPECT_TRUE(absl::IsUnavailable(lease.status())) << lease.status();
}

TEST_F(ConnectionPoolTest, GivesOutNoConnectionThatItsCheckRefuses) {
  ConnectionPoolOptions options = Options(1);
  options.check = [](DatabaseConnection&) { return absl::FailedPreconditionError("not this one"); };
  ConnectionPool pool(options);
  EXPECT_EQ(pool.Acquire(Soon()).status().message(), "not this one");
  EXPECT_TRUE(BecomesConnections(0));
}

TEST_F(ConnectionPoolTest, RefusesAfterTheAcquireTimeoutWhileOthersHoldAll) {
  ConnectionPoolOptions options = Options(1);
  options.acquire_timeout = absl::Milliseconds(30);
  ConnectionPool pool(options);
  const auto held = pool.Acquire(Soon());
  ASSERT_TRUE(held.ok());
  EXPECT_TRUE(absl::IsResourceExhausted(pool.Acquire(Soon()).status()));
}

TEST_F(ConnectionPoolTest, NeverHasMoreConnectionsThanItsSize) {
  ConnectionPool pool(Options(3));
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&pool] {
      for (int round = 0; round < 50; ++round) EXPECT_TRUE(pool.Acquire(Soon()).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(database_.ServiceConnections(), 3);
}

TEST_F(ConnectionPoolTest, UsesOneConnectionForOneCallerAfterTheOther) {
  ConnectionPool pool(Options(3));
  for (int round = 0; round < 10; ++round) ASSERT_TRUE(pool.Acquire(Soon()).ok());
  EXPECT_EQ(database_.ServiceConnections(), 1);
}

TEST_F(ConnectionPoolTest, ClosesAConnectionThatHadAnError) {
  ConnectionPool pool(Options(1));
  {
    auto lease = pool.Acquire(Soon());
    ASSERT_TRUE(lease.ok());
    lease->Spoil();
  }
  EXPECT_TRUE(BecomesConnections(0));
  EXPECT_TRUE(pool.Acquire(Soon()).ok());
}

TEST_F(ConnectionPoolTest, ClosesConnectionsThatNobodyUses) {
  ConnectionPoolOptions options = Options(2);
  options.max_idle = absl::Milliseconds(20);
  ConnectionPool pool(options);
  ASSERT_TRUE(pool.Acquire(Soon()).ok());
  EXPECT_TRUE(BecomesConnections(0));
  EXPECT_TRUE(pool.Acquire(Soon()).ok());
}

}  // namespace
}  // namespace todo::testing
