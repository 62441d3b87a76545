#include "common/metrics/registry.h"

#include <gtest/gtest.h>

#include <array>

namespace metrics {
namespace {

TEST(RegistryDeathTest, RefusesANameThatPrometheusDoesNotTake) {
  Registry registry;
  EXPECT_DEATH(registry.AddGauge("no-name", "", [] { return 0; }), "no-name");
}

TEST(RegistryDeathTest, RefusesANameTwice) {
  Registry registry;
  registry.AddGauge("size_bytes", "", [] { return 0; });
  EXPECT_DEATH(registry.AddGauge("size_bytes", "", [] { return 0; }), "twice");
}

TEST(Registry, TellsNothingOfNothing) { EXPECT_EQ(Registry().Scrape(), ""); }

TEST(Registry, EscapesLabelValues) {
  Registry registry;
  registry.Add(Type::kGauge, "one", "One.", [](Samples& samples) { samples.Add({{"name", "a\"b\\c\nd"}}, 1); });
  EXPECT_EQ(registry.Scrape(), "# HELP one One.\n# TYPE one gauge\none{name=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST(Registry, TellsACounterFromItsBeginning) {
  Registry registry;
  Counter counter;
  registry.AddCounter("tries_total", "Tries.", counter);
  EXPECT_EQ(registry.Scrape(), "# HELP tries_total Tries.\n# TYPE tries_total counter\ntries_total 0\n");
  counter.Add();
  counter.Add(2);
  EXPECT_EQ(registry.Scrape(), "# HELP tries_total Tries.\n# TYPE tries_total counter\ntries_total 3\n");
}

TEST(Registry, TellsLargeCountsToTheLastDigit) {
  Registry registry;
  Counter counter;
  counter.Add(123'456'789'012'345);
  registry.AddCounter("tries_total", "Tries.", counter);
  EXPECT_NE(registry.Scrape().find("tries_total 123456789012345\n"), std::string::npos);
}

TEST(Registry, TellsAHistogramInSecondsAndCumulatively) {
  static constexpr std::array kBounds = {absl::Milliseconds(5), absl::Seconds(1)};
  Registry registry;
  Histogram histogram(kBounds);
  histogram.Observe(absl::Milliseconds(5));
  histogram.Observe(absl::Milliseconds(245));
  histogram.Observe(absl::Seconds(2));
  registry.Add(Type::kHistogram, "wait_seconds", "Waits.", [&](Samples& samples) {
    samples.Add({{"for", "it"}}, histogram);
  });
  EXPECT_EQ(registry.Scrape(),
            "# HELP wait_seconds Waits.\n# TYPE wait_seconds histogram\n"
            "wait_seconds_count{for=\"it\"} 3\nwait_seconds_sum{for=\"it\"} 2.25\n"
            "wait_seconds_bucket{for=\"it\",le=\"0.005\"} 1\nwait_seconds_bucket{for=\"it\",le=\"1\"} 2\n"
            "wait_seconds_bucket{for=\"it\",le=\"+Inf\"} 3\n");
}

}  // namespace
}  // namespace metrics
