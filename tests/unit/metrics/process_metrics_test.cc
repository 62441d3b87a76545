#include "common/metrics/process_metrics.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/core/version.h"
#include "tests/support/metrics/scrape.h"

namespace metrics {
namespace {

using metrics_testing::Scrape;

class ProcessMetrics : public ::testing::Test {
 protected:
  ProcessMetrics() { AddProcessMetrics(registry_, logger_); }
  Scrape Now() const { return Scrape(registry_.Scrape()); }

  common::Logger logger_ = common::Logger::ToStandardError("metrics-test", false);
  Registry registry_;
};

TEST_F(ProcessMetrics, CountsLogLinesByLevelFromZero) {
  EXPECT_EQ(Now()["log_lines_total{level=\"error\"}"], 0);
  logger_.Warning("something");
  logger_.Error("something");
  logger_.Error("something");
  const Scrape now = Now();
  EXPECT_EQ(now["log_lines_total{level=\"info\"}"], 0);
  EXPECT_EQ(now["log_lines_total{level=\"warning\"}"], 1);
  EXPECT_EQ(now["log_lines_total{level=\"error\"}"], 2);
  EXPECT_EQ(now["log_lines_dropped_total"], 0);
}

TEST_F(ProcessMetrics, CountsOpenFiles) {
  const double before = Now()["process_open_fds"];
  const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(Now()["process_open_fds"], before + 1);
  close(file);
  EXPECT_GE(Now()["process_max_fds"], before);
}

TEST_F(ProcessMetrics, MeasuresCpuTimeThatIsUsed) {
  const double before = Now()["process_cpu_seconds_total"];
  const auto start = std::clock();
  while (std::clock() - start < CLOCKS_PER_SEC / 10) {
  }
  EXPECT_GE(Now()["process_cpu_seconds_total"], before + 0.1);
}

TEST_F(ProcessMetrics, KnowsWhenItStartedAndWhatItTakes) {
  const Scrape now = Now();
  const double age = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()) - now["process_start_time_seconds"];
  EXPECT_GT(age, -2);
  EXPECT_LT(age, 600);
  EXPECT_GT(now["process_resident_memory_bytes"], 1 << 20);
  EXPECT_GT(now["process_virtual_memory_bytes"], now["process_resident_memory_bytes"]);
  EXPECT_GE(now["process_threads"], 1);
}

TEST_F(ProcessMetrics, SaysWhatRuns) {
  EXPECT_NE(Now().text().find(absl::StrCat("build_info{version=\"", common::kVersion)), std::string::npos);
}

}  // namespace
}  // namespace metrics
