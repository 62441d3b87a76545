#include "gateway/cors.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

class BadOrigin : public testing::TestWithParam<const char*> {};

TEST_P(BadOrigin, IsRefusedAtStart) { EXPECT_FALSE(CorsPolicy::Create({GetParam()}).ok()); }

INSTANTIATE_TEST_SUITE_P(All, BadOrigin,
                         testing::Values("*", "null", "https://a.example/", "https://a.example/x", "https://A.example",
                                         "a.example", "https://*.example", "https://a.example:443", "ftp://a.example",
                                         "https://a.example?x", "https://u@a.example", "https://a.example:99999"));

class OtherOrigin : public testing::TestWithParam<const char*> {};

TEST_P(OtherOrigin, GetsNoHeader) {
  const auto cors = CorsPolicy::Create({"https://a.example", "http://localhost:3000"});
  http::Response response;
  cors->AddHeaders(GetParam(), &response);
  EXPECT_EQ(response.Find("access-control-allow-origin"), std::nullopt);
  EXPECT_EQ(response.Find("vary"), "Origin");
}

INSTANTIATE_TEST_SUITE_P(All, OtherOrigin,
                         testing::Values("", "null", "https://a.example.evil.example", "https://xa.example",
                                         "http://a.example", "https://a.example:8443", "https://a.examplex",
                                         "HTTPS://a.example", "http://localhost:3001", "https://a.example/"));

TEST(CorsPolicy, EchoesAnAllowedOrigin) {
  const auto cors = CorsPolicy::Create({"https://a.example", "http://localhost:3000"});
  http::Response response;
  cors->AddHeaders("http://localhost:3000", &response);
  EXPECT_EQ(response.Find("access-control-allow-origin"), "http://localhost:3000");
  EXPECT_EQ(response.Find("access-control-expose-headers"), "ETag, Location, X-Request-Id, Retry-After");
}

}  // namespace
}  // namespace gateway
