// The binary while its issuer's endpoint is down, wrong, or changes its keys: asked over real gRPC.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "auth/v1/token_verifier.grpc.pb.h"
#include "common/grpc/health_probe.h"
#include "tests/support/verifier/jwks_faults.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"
#include "tests/support/verifier/verifier_process.h"

namespace verifier {
namespace {

using ::testing::HasSubstr;
using testing::HttpResponse;
using testing::JwksServer;
using testing::KeySetOf;
using testing::SigningKey;
using testing::VerifierProcess;

constexpr char kIssuer[] = "https://auth.example.com";

// What came of one token.
enum class Outcome { kBelieved, kUnknownKey, kOtherwiseRejected, kUnavailable, kOtherwiseFailed };

class JwksOutage : public ::testing::Test {
 protected:
  VerifierProcess::Variables Variables(const VerifierProcess::Variables& more = {}) {
    VerifierProcess::Variables variables = {{"BETTER_AUTH_URL", kIssuer}, {"BETTER_AUTH_JWKS_URL", jwks_.url()}};
    for (const auto& [name, value] : more) variables[name] = value;
    // Where the binary is an instrumented one, memory that was let go must not be kept aside.
    variables["ASAN_OPTIONS"] = "quarantine_size_mb=1";
    return variables;
  }

  void Start(const VerifierProcess::Variables& more = {}) {
    process_ = std::make_unique<VerifierProcess>(TOKEN_VERIFIER, Variables(more));
    const std::string address = process_->AwaitAddress();
    ASSERT_NE(address, "") << process_->log();
    channel_ = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
    stub_ = auth::v1::TokenVerifierService::NewStub(channel_);
  }

  Outcome Ask(const std::string& token) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    auth::v1::VerifyTokenRequest request;
    request.set_token(token);
    auth::v1::VerifyTokenResponse response;
    const grpc::Status status = stub_->VerifyToken(&context, request, &response);
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE) return Outcome::kUnavailable;
    if (!status.ok()) return Outcome::kOtherwiseFailed;
    if (response.has_verified()) return Outcome::kBelieved;
    return response.rejected().reason() == auth::v1::REJECTION_REASON_UNKNOWN_KEY ? Outcome::kUnknownKey
                                                                                  : Outcome::kOtherwiseRejected;
  }

  static std::string Payload(const std::string& more = "") {
    return absl::StrCat(R"({"iss":")", kIssuer, R"(","aud":")", kIssuer, R"(","sub":"ada","exp":)",
                        absl::ToUnixSeconds(absl::Now()) + 900, more, "}");
  }

  static std::string Named(const SigningKey& key, const std::string& key_id) {
    return key.Jwk(absl::StrCat(R"(,"kid":")", key_id, "\""));
  }

  const SigningKey key_{"EdDSA"};
  JwksServer jwks_;
  std::unique_ptr<VerifierProcess> process_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<auth::v1::TokenVerifierService::Stub> stub_;
};

TEST_F(JwksOutage, AtTheStartEndsTheProcessAfterRetriesWithTheReason) {
  jwks_.Close();
  VerifierProcess process(TOKEN_VERIFIER, Variables({{"VERIFIER_STARTUP_SECONDS", "2"}}));
  const absl::Time started = absl::Now();
  EXPECT_EQ(process.AwaitExit(), 1);
  EXPECT_GE(absl::Now() - started, absl::Seconds(1));
  const std::vector<std::string> tries = absl::StrSplit(process.log(), "\"event\":\"jwks_unreachable\"");
  EXPECT_GE(tries.size() - 1, 2u);
  EXPECT_THAT(process.log(), HasSubstr("JWKS endpoint is unreachable"));
  EXPECT_THAT(process.log(), HasSubstr("startup_failed"));
}

TEST_F(JwksOutage, AtTheStartWithAnEmptySetSaysTheGuidesMessage) {
  jwks_.Serve(R"({"keys":[]})");
  VerifierProcess process(TOKEN_VERIFIER, Variables({{"VERIFIER_STARTUP_SECONDS", "2"}}));
  EXPECT_EQ(process.AwaitExit(), 1);
  EXPECT_THAT(process.log(), HasSubstr(R"("reason":"JWKS endpoint returned no keys")"));
  EXPECT_GE(jwks_.requests(), 2);
}

TEST_F(JwksOutage, AtTheStartMayEndInTime) {
  jwks_.Close();
  process_ = std::make_unique<VerifierProcess>(TOKEN_VERIFIER, Variables());
  jwks_.Serve(KeySetOf({Named(key_, "a")}));
  jwks_.Open();
  EXPECT_NE(process_->AwaitAddress(), "") << process_->log();
  process_->Terminate();
  EXPECT_EQ(process_->AwaitExit(), 0);
}

TEST_F(JwksOutage, AtTheStartDoesNotKeepWhoeverEndsTheProcessWaiting) {
  jwks_.Hold();
  VerifierProcess process(TOKEN_VERIFIER, Variables({{"VERIFIER_STARTUP_SECONDS", "3600"}}));
  jwks_.AwaitRequests(1);
  process.Terminate();
  EXPECT_EQ(process.AwaitExit(), -SIGTERM);
}

TEST_F(JwksOutage, LaterIsNoRejectionBeforeTheHardCapAndNoneAfterIt) {
  jwks_.Serve(KeySetOf({Named(key_, "a")}));
  Start({{"JWKS_CACHE_SECONDS", "1"}, {"JWKS_MIN_CACHE_SECONDS", "1"}, {"JWKS_GRACE_SECONDS", "1"}});
  const std::string remembered = key_.TokenOf(Payload(), "a");
  ASSERT_EQ(Ask(remembered), Outcome::kBelieved);
  ASSERT_TRUE(common::ProbeHealth(channel_, absl::Seconds(10)).ok());
  jwks_.Close();
  int believed = 0;
  Outcome outcome = Outcome::kBelieved;
  for (; outcome == Outcome::kBelieved; ++believed) {
    outcome = Ask(key_.TokenOf(Payload(absl::StrCat(R"(,"n":)", believed)), "a"));
  }
  EXPECT_GT(believed, 10);
  EXPECT_EQ(outcome, Outcome::kUnavailable);
  EXPECT_EQ(Ask(remembered), Outcome::kUnavailable);
  while (common::ProbeHealth(channel_, absl::Seconds(10)).ok()) std::this_thread::yield();
  // Over again by itself.
  jwks_.Open();
  while (!common::ProbeHealth(channel_, absl::Seconds(10)).ok()) std::this_thread::yield();
  EXPECT_EQ(Ask(remembered), Outcome::kBelieved);
}

TEST_F(JwksOutage, AfterTheHardCapStillLeavesSessionsToBeAskedAbout) {
  JwksServer better_auth;
  better_auth.Serve(R"({"session":{"expiresAt":"2999-01-01T00:00:00.000Z"},"user":{"id":"ada"}})");
  jwks_.Serve(KeySetOf({Named(key_, "a")}));
  Start({{"AUTH_MODE", "jwt,session"},
         {"BETTER_AUTH_SESSION_URL", better_auth.url()},
         {"JWKS_CACHE_SECONDS", "1"},
         {"JWKS_MIN_CACHE_SECONDS", "1"},
         {"JWKS_GRACE_SECONDS", "0"}});
  while (!common::ProbeHealth(channel_, absl::Seconds(10)).ok()) std::this_thread::yield();
  jwks_.Close();
  while (process_->log().find(R"("event":"not_ready")") == std::string::npos) std::this_thread::yield();
  EXPECT_EQ(Ask(key_.TokenOf(Payload(), "a")), Outcome::kUnavailable);
  EXPECT_EQ(Ask("opaque"), Outcome::kBelieved);
  EXPECT_TRUE(common::ProbeHealth(channel_, absl::Seconds(10)).ok()) << "else nobody would ask";
}

TEST_F(JwksOutage, LeavesMemoryFlatWhateverTheEndpointAnswers) {
  jwks_.Serve(KeySetOf({Named(key_, "a")}));
  Start({{"JWKS_LOOKUP_BURST", "1000"}, {"JWKS_TIMEOUT_MILLISECONDS", "1000"}, {"JWKS_ABSENT_SECONDS", "0"}});
  const std::string good = key_.TokenOf(Payload(), "a");
  const std::string unknown = key_.TokenOf(Payload(), "other");
  const auto fetch_with_each_fault = [&] {
    for (const testing::JwksFault& fault : testing::JwksFaults()) {
      if (fault.is_endless) continue;  // takes its whole timeout, and holds nothing meanwhile
      fault.inject(jwks_);
      EXPECT_EQ(Ask(unknown), Outcome::kUnavailable) << fault.name;
      EXPECT_EQ(Ask(good), Outcome::kBelieved) << fault.name;
      jwks_.Open();
    }
  };
  for (int i = 0; i < 3; ++i) fetch_with_each_fault();
  const int64_t before = process_->ResidentBytes();
  for (int i = 0; i < 10; ++i) fetch_with_each_fault();
  EXPECT_LT(process_->ResidentBytes() - before, 4 << 20);
  EXPECT_GE(jwks_.requests(), 13 * 30);
}

TEST_F(JwksOutage, OfMadeUpKeysIsNoneForOthers) {
  jwks_.Serve(KeySetOf({Named(key_, "a")}));
  Start({{"JWKS_LOOKUP_INTERVAL_SECONDS", "3600"}});
  constexpr int kAskers = 4;
  constexpr int kTokens = 10'000;
  const std::string payload = Payload();
  std::atomic<int> running = kAskers;
  std::atomic<int> absent = 0;
  std::atomic<int> unavailable = 0;
  std::vector<std::thread> askers;
  for (int asker = 0; asker < kAskers; ++asker) {
    askers.emplace_back([&, asker] {
      const SigningKey forged("EdDSA");
      for (int i = 0; i < kTokens / kAskers; ++i) {
        const Outcome outcome = Ask(forged.TokenOf(payload, absl::StrCat("made-up-", asker, "-", i)));
        absent += outcome == Outcome::kUnknownKey ? 1 : 0;
        unavailable += outcome == Outcome::kUnavailable ? 1 : 0;
      }
      --running;
    });
  }
  int good = 0;
  for (; running > 0; ++good) {
    ASSERT_EQ(Ask(key_.TokenOf(Payload(absl::StrCat(R"(,"n":)", good)), "a")), Outcome::kBelieved);
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(absent + unavailable, kTokens);
  EXPECT_LE(jwks_.requests(), 1 + 2);  // the first, and the bucket's
  EXPECT_GT(absent, 0);
  EXPECT_GT(unavailable, 0);
  EXPECT_GT(good, 100);
}

TEST_F(JwksOutage, ARotationLosesNoToken) {
  jwks_.Serve(KeySetOf({Named(key_, "a")}));
  Start();
  ASSERT_EQ(Ask(key_.TokenOf(Payload(), "a")), Outcome::kBelieved);
  const SigningKey next("ES256");
  jwks_.Serve(KeySetOf({Named(key_, "a"), Named(next, "b")}));
  EXPECT_EQ(Ask(next.TokenOf(Payload(), "b")), Outcome::kBelieved);
  EXPECT_EQ(Ask(key_.TokenOf(Payload(), "a")), Outcome::kBelieved);
  EXPECT_EQ(jwks_.requests(), 2);
}

TEST_F(JwksOutage, ADroppedKeyIsRevokedAtOnce) {
  const SigningKey dropped("EdDSA");
  jwks_.Serve(KeySetOf({Named(key_, "a"), Named(dropped, "b")}));
  Start();
  const std::string token = dropped.TokenOf(Payload(), "b");
  ASSERT_EQ(Ask(token), Outcome::kBelieved);
  const SigningKey next("EdDSA");
  jwks_.Serve(KeySetOf({Named(key_, "a"), Named(next, "c")}));
  // The first token of the new key makes the verifier see the new set.
  EXPECT_EQ(Ask(next.TokenOf(Payload(), "c")), Outcome::kBelieved);
  EXPECT_EQ(Ask(token), Outcome::kUnknownKey);
}

TEST_F(JwksOutage, TwoKeysOfOneKeyIdAreTheFirst) {
  const SigningKey second("EdDSA");
  jwks_.Serve(KeySetOf({Named(key_, "a"), Named(second, "a")}));
  Start();
  EXPECT_EQ(Ask(key_.TokenOf(Payload(), "a")), Outcome::kBelieved);
  EXPECT_EQ(Ask(second.TokenOf(Payload(), "a")), Outcome::kOtherwiseRejected);
  EXPECT_THAT(process_->log(), HasSubstr("jwks_key_skipped"));
}

}  // namespace
}  // namespace verifier
