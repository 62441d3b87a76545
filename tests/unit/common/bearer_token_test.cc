#include "common/auth/bearer_token.h"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"

namespace auth {
namespace {

using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (!payload || !info.ParseFromString(std::string(*payload))) return "";
  EXPECT_EQ(info.domain(), "auth.v1");
  return info.reason();
}

TEST(BearerToken, SaysThatItIsMissing) {
  const absl::StatusOr<std::string_view> token = BearerToken(Metadata{{"cookie", "x"}});
  EXPECT_TRUE(absl::IsUnauthenticated(token.status()));
  EXPECT_EQ(ReasonOf(token.status()), "MISSING_TOKEN");
}

TEST(BearerToken, RefusesEveryOtherForm) {
  for (const char* header : {"", "Bearer", "Bearer ", "Basic YTpi", "Bearer  two", "Bearer a b", "Bearer a\tb",
                             "Bearera.b.c", "a.b.c", " Bearer a"}) {
    const absl::StatusOr<std::string_view> token = BearerToken(Metadata{{"authorization", header}});
    EXPECT_TRUE(absl::IsUnauthenticated(token.status())) << header;
    EXPECT_EQ(ReasonOf(token.status()), "INVALID_HEADER_FORMAT") << header;
  }
}

TEST(BearerToken, RefusesTwo) {
  const absl::StatusOr<std::string_view> token =
      BearerToken(Metadata{{"authorization", "Bearer a"}, {"authorization", "Bearer a"}});
  EXPECT_EQ(ReasonOf(token.status()), "INVALID_HEADER_FORMAT");
}

TEST(BearerToken, TakesTheTokenWhateverTheCaseOfTheScheme) {
  for (const char* header : {"Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c"}) {
    EXPECT_EQ(*BearerToken(Metadata{{"authorization", header}}), "a.b.c");
  }
}

}  // namespace
}  // namespace auth
