#include "common/metrics/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/readiness_state.h"
#include "tests/support/gateway/raw_http_client.h"
#include "tests/support/metrics/scrape.h"

namespace metrics {
namespace {

using gateway_testing::Fetch;
using gateway_testing::HttpAnswer;
using metrics_testing::Scrape;
using ::testing::HasSubstr;

class AdminServerTest : public ::testing::Test {
 protected:
  AdminServerTest() {
    admin_ = *AdminServer::Start(
        {.host = "127.0.0.1", .port = 0}, registry_, [this] { return state_.Get(); }, common::Logger::Silent());
  }
  HttpAnswer Get(std::string_view path) { return Fetch(admin_->port(), "GET", path); }

  Registry registry_;
  common::ReadinessState state_;
  std::unique_ptr<AdminServer> admin_;
};

TEST_F(AdminServerTest, FailsWhereThePortIsInUse) {
  Registry registry;
  const auto second = AdminServer::Start(
      {.host = "127.0.0.1", .port = admin_->port()}, registry, [] { return absl::OkStatus(); },
      common::Logger::Silent());
  EXPECT_TRUE(absl::IsUnavailable(second.status()));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(std::to_string(admin_->port())));
}

TEST_F(AdminServerTest, IsNotThereWithoutAPort) {
  Registry registry;
  const auto none = AdminServer::Start(
      {.host = "127.0.0.1", .port = {}}, registry, [] { return absl::OkStatus(); }, common::Logger::Silent());
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(*none, nullptr);
}

TEST_F(AdminServerTest, HasNothingElse) {
  EXPECT_EQ(Get("/").status, 404);
  EXPECT_EQ(Get("/metrics/").status, 404);
  EXPECT_EQ(Fetch(admin_->port(), "POST", "/metrics").status, 405);
  EXPECT_EQ(Fetch(admin_->port(), "DELETE", "/health").headers["allow"], "GET, HEAD");
  EXPECT_EQ(Fetch(admin_->port(), "BREW POT", "/health").status, 400);
}

TEST_F(AdminServerTest, IsNotReadyBeforeTheProcessIs) {
  const HttpAnswer answer = Get("/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, R"({"status":"not_ready","reason":"the process is starting"})");
  EXPECT_EQ(Scrape::Of(admin_->port())["service_ready"], 0);
  EXPECT_EQ(Get("/health").status, 200);
}

TEST_F(AdminServerTest, TellsWhyTheProcessIsNotReadyWhileItLives) {
  state_.Set(absl::UnavailableError("verifier: it does not \"answer\"\n"));
  EXPECT_EQ(Get("/readyz").body, R"({"status":"not_ready","reason":"verifier: it does not \"answer\"\n"})");
  EXPECT_EQ(Get("/health").status, 200);
}

TEST_F(AdminServerTest, IsNotReadyAgainOnceTheProcessEnds) {
  state_.Set(absl::OkStatus());
  EXPECT_EQ(Get("/readyz").status, 200);
  EXPECT_EQ(Scrape::Of(admin_->port())["service_ready"], 1);
  state_.SetEnding();
  state_.Set(absl::OkStatus());
  EXPECT_EQ(Get("/readyz").status, 503);
  EXPECT_EQ(Get("/health").status, 200);
}

TEST_F(AdminServerTest, TakesWhatIsAddedWhileItServes) {
  Counter counter;
  registry_.AddCounter("tries_total", "Tries.", counter);
  counter.Add(3);
  EXPECT_EQ(Scrape::Of(admin_->port())["tries_total"], 3);
}

}  // namespace
}  // namespace metrics
