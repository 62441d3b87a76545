// The binary on a machine whose clock is slow, asked about a token that was issued just now.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "auth/v1/token_verifier.grpc.pb.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"
#include "tests/support/verifier/verifier_process.h"

namespace verifier {
namespace {

constexpr char kIssuer[] = "https://auth.example.com";

// The verdict of a verifier that is so many seconds behind: OK, or the reason.
std::string VerdictOf(int seconds_behind) {
  const testing::SigningKey key("EdDSA");
  testing::JwksServer jwks;
  jwks.Serve(testing::KeySetOf({key.Jwk(R"(,"kid":"a")")}));
  testing::VerifierProcess process(TOKEN_VERIFIER, {{"BETTER_AUTH_URL", kIssuer},
                                                    {"BETTER_AUTH_JWKS_URL", jwks.url()},
                                                    {"LD_PRELOAD", FAKETIME_LIBRARY},
                                                    {"FAKETIME_DONT_FAKE_MONOTONIC", "1"},
                                                    {"FAKETIME", absl::StrCat("-", seconds_behind, "s")}});
  const std::string address = process.AwaitAddress();
  if (address.empty()) return process.log();
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  auth::v1::VerifyTokenRequest request;
  request.set_token(key.TokenOf(absl::StrCat(R"({"iss":")", kIssuer, R"(","aud":")", kIssuer, R"(","sub":"ada","iat":)",
                                             now, R"(,"exp":)", now + 900, "}"),
                                "a"));
  grpc::ClientContext context;
  auth::v1::VerifyTokenResponse response;
  const grpc::Status status =
      auth::v1::TokenVerifierService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))
          ->VerifyToken(&context, request, &response);
  if (!status.ok()) return status.error_message();
  return response.has_verified() ? "OK" : auth::v1::RejectionReason_Name(response.rejected().reason());
}

TEST(SlowClock, ByTwoMinutesRejectsAFreshToken) { EXPECT_EQ(VerdictOf(120), "REJECTION_REASON_ISSUED_IN_FUTURE"); }

TEST(SlowClock, By45SecondsAcceptsAFreshToken) { EXPECT_EQ(VerdictOf(45), "OK"); }

}  // namespace
}  // namespace verifier
