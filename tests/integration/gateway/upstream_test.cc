#include <chrono>

#include "tests/integration/gateway/gateway_fixture.h"

namespace gateway {
namespace {

class UpstreamFaults : public GatewayFixture {
 protected:
  // Asks until the status is as wanted, ten seconds at most.
  bool Becomes(const std::string& path, int status) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < deadline) {
      if (Fetch(port(), "GET", path).status == status) return true;
    }
    return false;
  }
};

constexpr char kBook[] = "/v1/shelves/s/books/b";

TEST_F(UpstreamFaults, NotServingIs503AtOnceAndRecovers) {
  ASSERT_EQ(Fetch(port(), "GET", kBook).status, 200);
  EXPECT_EQ(Fetch(port(), "GET", "/readyz").status, 200);
  grpc_->SetServing(false);
  ASSERT_TRUE(Becomes(kBook, 503));
  const auto start = std::chrono::steady_clock::now();
  const HttpAnswer answer = Fetch(port(), "GET", kBook);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.at("retry-after"), "1");
  EXPECT_EQ(answer.body.find("127.0.0.1"), std::string::npos);
  EXPECT_EQ(Fetch(port(), "GET", "/readyz").status, 503);
  EXPECT_EQ(Fetch(port(), "GET", "/health").status, 200);
  grpc_->SetServing(true);
  EXPECT_TRUE(Becomes(kBook, 200));
  EXPECT_EQ(Fetch(port(), "GET", "/readyz").status, 200);
}

TEST_F(UpstreamFaults, AwayIs503AndRecoversWithinTwoSecondsOfItsReturn) {
  ASSERT_EQ(Fetch(port(), "GET", kBook).status, 200);
  const std::string address = "127.0.0.1:" + std::to_string(grpc_->port());
  grpc_.reset();
  ASSERT_TRUE(Becomes(kBook, 503));
  EXPECT_EQ(Fetch(port(), "GET", "/readyz").status, 503);
  StartUpstream(address);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(Becomes(kBook, 200));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST_F(UpstreamFaults, ReadinessFailsOnceTheProcessEnds) {
  EXPECT_EQ(Fetch(port(), "GET", "/readyz").status, 200);
  readiness_->SetEnding();
  EXPECT_EQ(Fetch(port(), "GET", "/readyz").status, 503);
  EXPECT_EQ(Fetch(port(), "GET", kBook).status, 200);
}

}  // namespace
}  // namespace gateway
