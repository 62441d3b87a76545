// What the binary tells of its keys, and how it fetches them.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "auth/v1/token_verifier.grpc.pb.h"
#include "common/grpc/health_probe.h"
#include "tests/support/grpc/reflected_services.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"
#include "tests/support/verifier/verifier_process.h"

namespace verifier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::JwksServer;
using testing::KeySetOf;
using testing::SigningKey;
using testing::VerifierProcess;

class Introspection : public ::testing::Test {
 protected:
  void Start(VerifierProcess::Variables variables) {
    variables.emplace("BETTER_AUTH_URL", "https://auth.example.com");
    process_ = std::make_unique<VerifierProcess>(TOKEN_VERIFIER, variables);
    address_ = process_->AwaitAddress();
    ASSERT_NE(address_, "") << process_->log();
    channel_ = grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
  }

  auth::v1::GetKeySetStatusResponse Status() const {
    grpc::ClientContext context;
    auth::v1::GetKeySetStatusResponse response;
    const grpc::Status status =
        auth::v1::TokenVerifierService::NewStub(channel_)->GetKeySetStatus(&context, {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // Has the keys fetched before it returns, where none has this name.
  void LookUp(const std::string& key_id) const {
    grpc::ClientContext context;
    auth::v1::VerifyTokenRequest request;
    request.set_token(SigningKey("EdDSA").TokenOf("{}", key_id));
    auth::v1::VerifyTokenResponse response;
    const grpc::Status status =
        auth::v1::TokenVerifierService::NewStub(channel_)->VerifyToken(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.rejected().reason(), auth::v1::REJECTION_REASON_UNKNOWN_KEY);
  }

  std::unique_ptr<VerifierProcess> process_;
  std::string address_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(Introspection, TellsWhichKeysAreUsedAndWhyTheOthersAreNot) {
  JwksServer jwks;
  jwks.Serve(KeySetOf({SigningKey("EdDSA").Jwk(R"(,"kid":"a")"), R"({"kty":"oct","kid":"secret","k":"c2VjcmV0"})",
                       SigningKey("ES384").Jwk()}));
  Start({{"BETTER_AUTH_JWKS_URL", jwks.url()}, {"TOKEN_ISSUERS", "https://one.test,https://two.test"}});
  const auth::v1::GetKeySetStatusResponse response = Status();
  ASSERT_EQ(response.key_sets_size(), 1);
  const auth::v1::KeySetStatus& set = response.key_sets(0);
  EXPECT_EQ(set.jwks_url(), jwks.url());
  EXPECT_THAT(set.issuers(), ElementsAre("https://one.test", "https://two.test"));
  ASSERT_EQ(set.usable_keys_size(), 2);
  EXPECT_EQ(set.usable_keys(0).key_id(), "a");
  EXPECT_EQ(set.usable_keys(0).algorithm(), "EdDSA");
  EXPECT_EQ(set.usable_keys(1).key_id(), "");
  EXPECT_EQ(set.usable_keys(1).algorithm(), "ES384");
  ASSERT_EQ(set.unusable_keys_size(), 1);
  EXPECT_EQ(set.unusable_keys(0).key_id(), "secret");
  EXPECT_THAT(set.unusable_keys(0).reason(), HasSubstr("symmetric"));
  EXPECT_THAT(response.ShortDebugString(), ::testing::Not(HasSubstr("c2VjcmV0")));
}

TEST_F(Introspection, TellsHowTheFetchingGoes) {
  JwksServer jwks;
  jwks.Serve(KeySetOf({SigningKey("EdDSA").Jwk(R"(,"kid":"a")")}));
  const int64_t started = absl::ToUnixSeconds(absl::Now());
  Start({{"BETTER_AUTH_JWKS_URL", jwks.url()}, {"JWKS_CACHE_SECONDS", "2"}, {"JWKS_MIN_CACHE_SECONDS", "1"}});
  const auth::v1::KeySetStatus good = Status().key_sets(0);
  EXPECT_GE(good.last_success_time().seconds(), started);
  EXPECT_GE(good.usable_until_time().seconds(), started + 3600);
  EXPECT_GE(good.next_fetch_time().seconds(), started);
  EXPECT_EQ(good.last_error(), "");
  EXPECT_GE(good.fetches().at("ok"), 1);
  EXPECT_EQ(good.fetches().at("unreachable"), 0);

  jwks.Serve("<html></html>");
  auth::v1::KeySetStatus bad;
  do bad = Status().key_sets(0);
  while (bad.fetches().at("bad_answer") == 0);
  EXPECT_THAT(bad.last_error(), HasSubstr("JWKS endpoint returned no keys"));
  EXPECT_EQ(bad.usable_keys_size(), 1) << "the last good set serves";
}

TEST_F(Introspection, LogsAKeyThatComesUnderTheNameOfAnother) {
  const auto keys_named_alike = [] {
    return KeySetOf({SigningKey("EdDSA").Jwk(R"(,"kid":"a")"), SigningKey("EdDSA").Jwk()});
  };
  JwksServer jwks;
  jwks.Serve(keys_named_alike());
  Start({{"BETTER_AUTH_JWKS_URL", jwks.url()}});
  jwks.Serve(keys_named_alike());
  LookUp("b");
  channel_ = nullptr;
  process_->Terminate();
  EXPECT_EQ(process_->AwaitExit(), 0);
  std::set<std::string> added;
  std::set<std::string> dropped;
  for (const absl::string_view line : absl::StrSplit(process_->log(), '\n')) {
    const auto thumbprint = [line] { return std::string(line.substr(line.find(R"("thumbprint":")") + 14, 43)); };
    if (absl::StrContains(line, R"("event":"jwks_key_added")")) added.insert(thumbprint());
    if (absl::StrContains(line, R"("event":"jwks_key_dropped")")) dropped.insert(thumbprint());
  }
  EXPECT_EQ(added.size(), 4u) << process_->log();
  EXPECT_EQ(dropped.size(), 2u);
  EXPECT_TRUE(std::includes(added.begin(), added.end(), dropped.begin(), dropped.end()));
}

TEST_F(Introspection, TellsOfEachIssuersSetAndServesWithOneOfThem) {
  JwksServer up;
  up.Serve(KeySetOf({SigningKey("EdDSA").Jwk(R"(,"kid":"of-b")")}));
  JwksServer down;
  down.Close();
  Start({{"TOKEN_ISSUERS", absl::StrCat(R"([{"issuer":"https://a.test","jwks_url":")", down.url(),
                                        R"("},{"issuer":"https://b.test","jwks_url":")", up.url(), R"("}])")},
         {"VERIFIER_STARTUP_SECONDS", "1"}});
  const auth::v1::GetKeySetStatusResponse response = Status();
  ASSERT_EQ(response.key_sets_size(), 2);
  EXPECT_THAT(response.key_sets(0).issuers(), ElementsAre("https://a.test"));
  EXPECT_EQ(response.key_sets(0).usable_keys_size(), 0);
  EXPECT_FALSE(response.key_sets(0).has_last_success_time());
  EXPECT_THAT(response.key_sets(0).last_error(), HasSubstr("unreachable"));
  EXPECT_THAT(response.key_sets(1).issuers(), ElementsAre("https://b.test"));
  ASSERT_EQ(response.key_sets(1).usable_keys_size(), 1);
  EXPECT_EQ(response.key_sets(1).usable_keys(0).key_id(), "of-b");
  while (!common::ProbeHealth(channel_, absl::Seconds(10)).ok()) {
  }
}

TEST_F(Introspection, ReflectsTheInterfaceInDevelopmentAlone) {
  JwksServer jwks;
  jwks.Serve(KeySetOf({SigningKey("EdDSA").Jwk()}));
  Start({{"BETTER_AUTH_JWKS_URL", jwks.url()}});
  EXPECT_EQ(grpc_testing::ReflectedServices(address_), absl::StrCat(grpc::StatusCode::UNIMPLEMENTED));
  Start({{"BETTER_AUTH_JWKS_URL", jwks.url()}, {"DEBUG", "true"}});
  EXPECT_THAT(grpc_testing::ReflectedServices(address_), HasSubstr("auth.v1.TokenVerifierService"));
}

// Whoever sets the variable would serve the keys.
TEST_F(Introspection, FetchesThroughNoProxyOfTheEnvironment) {
  JwksServer jwks;
  jwks.Serve(KeySetOf({SigningKey("EdDSA").Jwk()}));
  JwksServer proxy;
  Start({{"BETTER_AUTH_JWKS_URL", jwks.url()},
         {"http_proxy", proxy.url()},
         {"https_proxy", proxy.url()},
         {"all_proxy", proxy.url()}});
  EXPECT_EQ(proxy.requests(), 0);
}

}  // namespace
}  // namespace verifier
