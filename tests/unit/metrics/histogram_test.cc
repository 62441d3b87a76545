#include "common/metrics/histogram.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace metrics {
namespace {

constexpr std::array kTwo = {absl::Milliseconds(1), absl::Milliseconds(10)};

TEST(Histogram, CountsANegativeDurationAsZero) {
  Histogram histogram(kTwo);
  histogram.Observe(-absl::Seconds(5));
  EXPECT_EQ(histogram.count(0), 1u);
  EXPECT_EQ(histogram.sum(), absl::ZeroDuration());
}

TEST(Histogram, CountsWhatIsBeyondTheLastBoundApart) {
  Histogram histogram(kTwo);
  histogram.Observe(absl::Milliseconds(10) + absl::Nanoseconds(1));
  EXPECT_EQ(histogram.count(1), 0u);
  EXPECT_EQ(histogram.count(2), 1u);
}

TEST(Histogram, TakesABoundItselfInto) {
  Histogram histogram(kTwo);
  histogram.Observe(absl::Milliseconds(1));
  histogram.Observe(absl::Milliseconds(1) + absl::Nanoseconds(1));
  EXPECT_EQ(histogram.count(0), 1u);
  EXPECT_EQ(histogram.count(1), 1u);
  EXPECT_EQ(histogram.sum(), absl::Milliseconds(2) + absl::Nanoseconds(1));
}

TEST(Histogram, HasAscendingBoundsThatFit) {
  for (const Bounds bounds : {Bounds(kCallBounds), Bounds(kLookupBounds)}) {
    EXPECT_LE(bounds.size(), Histogram::kMaxBounds);
    EXPECT_TRUE(std::is_sorted(bounds.begin(), bounds.end()));
  }
}

TEST(Histogram, LosesNothingToOtherThreads) {
  Histogram histogram(kTwo);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&histogram] {
      for (int j = 0; j < 10'000; ++j) histogram.Observe(absl::Milliseconds(5));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(histogram.count(1), 40'000u);
  EXPECT_EQ(histogram.sum(), absl::Seconds(200));
}

}  // namespace
}  // namespace metrics
