#include "gateway/call_maker.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "gateway/api.h"
#include "tests/support/gateway/descriptors.h"

namespace gateway {
namespace {

// How long a call to `target` has at most, with this header where it is not empty.
class CallDeadline : public testing::Test {
 protected:
  absl::Duration Of(std::string_view target, std::string_view grpc_timeout) {
    http::Request request;
    request.head.method = "GET";
    request.head.path = target;
    if (!grpc_timeout.empty()) request.head.fields.push_back({"Grpc-Timeout", grpc_timeout});
    const RouteTable::Match match = api_->table().Find("GET", target);
    // Nobody waits for an answer.
    Exchange exchange(std::move(request), http::Responder(nullptr));
    exchange.route = &api_->routes()[match.route];
    UpstreamRequest call;
    const absl::Time before = absl::Now();
    EXPECT_FALSE(MakeCall(exchange, match.values, AuthMode(), std::nullopt, &call));
    return call.deadline - before;
  }

  const std::unique_ptr<Api> api_ = *Api::Create(
      gateway_testing::DescriptorSet(), {"gateway_testing.v1.ShelfService", "gateway_testing.v1.FeatureService"});
};

constexpr absl::Duration kPatience = absl::Seconds(1);

TEST_F(CallDeadline, IsTheGatewaysWhereTheClientNamesNone) {
  EXPECT_GE(Of("/v1/hang", ""), absl::Seconds(5));
  EXPECT_LT(Of("/v1/hang", ""), absl::Seconds(5) + kPatience);
}

TEST_F(CallDeadline, IsShortenedByTheClientAndNeverLengthened) {
  EXPECT_LT(Of("/v1/hang", "2S"), absl::Seconds(2) + kPatience);
  for (const char* longer : {"6S", "60S", "99999999H"}) {
    EXPECT_LT(Of("/v1/hang", longer), absl::Seconds(5) + kPatience) << longer;
  }
}

TEST_F(CallDeadline, OfAStreamIsTheClientsAlone) {
  EXPECT_EQ(Of("/f/watch", ""), absl::InfiniteDuration());
  EXPECT_LT(Of("/f/watch", "60S"), absl::Seconds(60) + kPatience);
}

}  // namespace
}  // namespace gateway
