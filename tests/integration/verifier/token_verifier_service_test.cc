// The verifier behind real gRPC, asked by the client that services use, with keys from a real HTTP server.
#include "services/verifier/token_verifier_service.h"

#include <gtest/gtest.h>

#include <future>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/verifier_client.h"
#include "common/core/clock.h"
#include "common/grpc/grpc_server.h"
#include "google/rpc/error_details.pb.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using testing::JwksServer;
using testing::KeySetOf;
using testing::SigningKey;

constexpr char kIssuer[] = "https://auth.example.com";

std::string Reason(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (payload) info.ParseFromString(std::string(*payload));
  return info.reason();
}

class TokenVerifierServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    jwks_.Serve(KeySetOf({key_.Jwk(R"(,"kid":"one")")}));
    config_.issuers = {{.jwks_url = jwks_.url(), .claims = {.issuers = {kIssuer}, .audiences = {kIssuer}}}};
    key_sets_ = std::make_unique<KeySets>(config_, common::Logger::Silent());
    ASSERT_TRUE(key_sets_->WaitUntilUsable(absl::Seconds(30)).ok());
    tokens_ = std::make_unique<TokenVerifier>(TokenVerifier::Options{.issuers = key_sets_->Issuers()}, clock_);
    verifier_ = std::make_unique<CredentialVerifier>(tokens_.get(), nullptr);
    service_ = std::make_unique<TokenVerifierService>(*verifier_, *key_sets_, metrics_, common::Logger::Silent());
    auto server = common::GrpcServer::Start(
        {.address = "127.0.0.1:0", .credentials = grpc::InsecureServerCredentials()}, *service_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    server_->SetServing(true);
    client_ = std::make_unique<auth::VerifierClient>(
        auth::MakeVerifierChannel(absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }

  auth::Authenticator::Verdict Authenticate(const std::string& token) {
    std::promise<auth::Authenticator::Verdict> verdict;
    client_->Authenticate({.token = token}, common::CallTraceOf({}), absl::Now() + absl::Seconds(30),
                          [&verdict](auth::Authenticator::Verdict v) { verdict.set_value(std::move(v)); });
    return verdict.get_future().get();
  }

  static std::string Payload(int64_t seconds_left = 900) {
    return absl::StrCat(R"({"iss":")", kIssuer, R"(","aud":")", kIssuer,
                        R"(","sub":"ada","email":"ada@example.com","name":"Ada","exp":)",
                        absl::ToUnixSeconds(absl::Now()) + seconds_left, "}");
  }

  const SigningKey key_{"EdDSA"};
  JwksServer jwks_;
  const common::SystemClock clock_;
  Config config_;
  std::unique_ptr<KeySets> key_sets_;
  std::unique_ptr<TokenVerifier> tokens_;
  std::unique_ptr<CredentialVerifier> verifier_;
  auth::ValidationMetrics metrics_;
  std::unique_ptr<TokenVerifierService> service_;
  std::unique_ptr<common::GrpcServer> server_;
  std::unique_ptr<auth::VerifierClient> client_;
};

TEST_F(TokenVerifierServiceTest, RejectsWithTheReasonWhateverTheBytes) {
  EXPECT_EQ(Reason(Authenticate(std::string("\x80\xff\0.\xfe.", 6)).status()), "MALFORMED_TOKEN");
  EXPECT_EQ(Reason(Authenticate("opaque").status()), "NOT_A_JWT");
  EXPECT_EQ(Reason(Authenticate(std::string(9000, 'a')).status()), "MALFORMED_TOKEN");
  EXPECT_EQ(Reason(Authenticate(SigningKey("EdDSA").TokenOf(Payload(), "one")).status()), "INVALID_TOKEN_SIGNATURE");
  EXPECT_TRUE(absl::IsUnauthenticated(Authenticate("opaque").status()));
}

TEST_F(TokenVerifierServiceTest, NeverRejectsForItsOwnOutage) {
  jwks_.ServeRaw("");
  const auth::Authenticator::Verdict unknown_key = Authenticate(SigningKey("EdDSA").TokenOf(Payload(), "two"));
  EXPECT_TRUE(absl::IsUnavailable(unknown_key.status())) << unknown_key.status();
  EXPECT_EQ(Reason(unknown_key.status()), "AUTH_UNAVAILABLE");
  server_->Drain(absl::ZeroDuration());
  const auth::Authenticator::Verdict verifier_gone = Authenticate(key_.TokenOf(Payload(), "one"));
  EXPECT_TRUE(absl::IsUnavailable(verifier_gone.status())) << verifier_gone.status();
}

TEST_F(TokenVerifierServiceTest, IsNotAskedAgainWhatItCouldNotDecide) {
  jwks_.ServeRaw("");
  EXPECT_EQ(Reason(Authenticate(SigningKey("EdDSA").TokenOf(Payload(), "two")).status()), "AUTH_UNAVAILABLE");
  EXPECT_EQ(metrics_.count(auth::ValidationResult::kUnavailable).value(), 1u);
}

TEST_F(TokenVerifierServiceTest, GivesThePrincipalOfAGoodToken) {
  const auth::Authenticator::Verdict verdict = Authenticate(key_.TokenOf(Payload(), "one"));
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_EQ(verdict->user_id(), "ada");
  EXPECT_EQ(verdict->email(), "ada@example.com");
  EXPECT_EQ(verdict->name(), "Ada");
}

TEST_F(TokenVerifierServiceTest, SaysHowLongAnAnswerMayBeKept) {
  const auto cache_for = [this](int64_t seconds_left) {
    const auth::Authenticator::Verdict verdict = Authenticate(key_.TokenOf(Payload(seconds_left), "one"));
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    return verdict.ok() ? verdict->cache_for() : absl::InfiniteDuration();
  };
  EXPECT_EQ(cache_for(900), absl::Seconds(30));
  // Not so short that a busy machine has used it up.
  EXPECT_GT(cache_for(25), absl::ZeroDuration());
  EXPECT_LE(cache_for(25), absl::Seconds(25));
  EXPECT_EQ(cache_for(-10), absl::ZeroDuration()) << "within the skew";
}

TEST_F(TokenVerifierServiceTest, AcceptsTheFirstTokenAfterARotation) {
  const SigningKey next("ES256");
  jwks_.Serve(KeySetOf({key_.Jwk(R"(,"kid":"one")"), next.Jwk(R"(,"kid":"two")")}));
  EXPECT_TRUE(Authenticate(next.TokenOf(Payload(), "two")).ok());
  EXPECT_TRUE(Authenticate(key_.TokenOf(Payload(), "one")).ok());
}

}  // namespace
}  // namespace verifier
