#include "common/metrics/certificate_metrics.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/metrics/scrape.h"

namespace metrics {
namespace {

using metrics_testing::Scrape;

constexpr char kSeries[] = "tls_certificate_not_after_timestamp_seconds{use=\"grpc\"}";

class CertificateMetrics : public ::testing::Test {
 protected:
  CertificateMetrics() : folder_(::testing::TempDir()), file_(folder_ + "certificate_metrics_test.crt") {
    AddCertificates(registry_, {{"grpc", file_}, {"https", ""}});
  }
  ~CertificateMetrics() override {
    std::remove(file_.c_str());
    std::remove((file_ + ".key").c_str());
  }

  void Issue(int days) const {
    const std::string command = absl::StrCat("openssl req -x509 -newkey ed25519 -nodes -subj /CN=x -days ", days,
                                             " -keyout ", file_, ".key -out ", file_, " 2>/dev/null");
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  double DaysLeft() const {
    return (Scrape(registry_.Scrape())[kSeries] - static_cast<double>(absl::ToUnixSeconds(absl::Now()))) / 86400;
  }

  const std::string folder_;
  const std::string file_;
  Registry registry_;
};

TEST_F(CertificateMetrics, HaveNoValueForAFileThatHoldsNone) {
  EXPECT_FALSE(Scrape(registry_.Scrape()).Has(kSeries));
  std::ofstream(file_) << "no certificate\n";
  EXPECT_FALSE(Scrape(registry_.Scrape()).Has(kSeries));
}

TEST_F(CertificateMetrics, FollowTheFile) {
  Issue(30);
  EXPECT_NEAR(DaysLeft(), 30, 0.1);
  Issue(90);
  EXPECT_NEAR(DaysLeft(), 90, 0.1);
}

}  // namespace
}  // namespace metrics
