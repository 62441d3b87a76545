#include "common/auth/call_credential.h"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"

namespace auth {
namespace {

using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (!payload || !info.ParseFromString(std::string(*payload))) return "";
  return info.reason();
}

TEST(CallCredential, SaysThatThereIsNone) {
  EXPECT_EQ(ReasonOf(CredentialOf(Metadata{}).status()), "MISSING_TOKEN");
  EXPECT_EQ(ReasonOf(CredentialOf(Metadata{{"cookie", ""}}).status()), "MISSING_TOKEN");
  EXPECT_EQ(ReasonOf(CredentialOf(Metadata{{"origin", "https://app.example.com"}}).status()), "MISSING_TOKEN");
}

TEST(CallCredential, RefusesWhatStandsTwice) {
  EXPECT_EQ(ReasonOf(CredentialOf(Metadata{{"cookie", "a=1"}, {"cookie", "a=2"}}).status()), "INVALID_HEADER_FORMAT");
  EXPECT_EQ(ReasonOf(CredentialOf(Metadata{{"cookie", "a=1"}, {"origin", "x"}, {"origin", "y"}}).status()),
            "INVALID_HEADER_FORMAT");
}

TEST(CallCredential, DoesNotFallBackToTheCookieWhereTheTokenIsMalformed) {
  EXPECT_EQ(ReasonOf(CredentialOf(Metadata{{"authorization", "Basic YTpi"}, {"cookie", "a=1"}}).status()),
            "INVALID_HEADER_FORMAT");
}

TEST(CallCredential, PrefersTheToken) {
  const absl::StatusOr<Credential> credential =
      CredentialOf(Metadata{{"authorization", "Bearer a.b.c"}, {"cookie", "a=1"}, {"origin", "x"}});
  ASSERT_TRUE(credential.ok());
  EXPECT_EQ(credential->token, "a.b.c");
  EXPECT_EQ(credential->cookie, "");
}

TEST(CallCredential, TakesTheCookieWithItsOrigin) {
  const absl::StatusOr<Credential> credential =
      CredentialOf(Metadata{{"cookie", "a=1; b=2"}, {"origin", "https://app.example.com"}});
  ASSERT_TRUE(credential.ok());
  EXPECT_EQ(credential->token, "");
  EXPECT_EQ(credential->cookie, "a=1; b=2");
  EXPECT_EQ(credential->origin, "https://app.example.com");
}

}  // namespace
}  // namespace auth
