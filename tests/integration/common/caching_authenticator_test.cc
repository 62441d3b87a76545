// The cache in front of the verifier's client, with a real verifier service behind real gRPC that counts its calls.
#include "common/auth/caching_authenticator.h"

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/verifier_client.h"
#include "common/grpc/grpc_server.h"

namespace auth {
namespace {

// The proof that a verifier has answered: this would not compile if anybody but its client could make one.
template <typename Proof>
concept CanBeForged = requires {
  Proof();
}
|| requires { Proof({.user_id = "eve"}); };
static_assert(!CanBeForged<Principal>);

constexpr int64_t kNow = 1'800'000'000;

class SettableClock : public common::Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixSeconds(seconds); }
  std::atomic<int64_t> seconds = kNow;
};

// Believes every token to be its own subject, and says how long that may be kept; except `bad`, `nobody`, which it
// believes without a subject, and `silence`, of which it says nothing.
class CountingVerifier : public v1::TokenVerifierService::CallbackService {
 public:
  grpc::ServerUnaryReactor* VerifyToken(grpc::CallbackServerContext* context, const v1::VerifyTokenRequest* request,
                                        v1::VerifyTokenResponse* response) override {
    ++calls;
    if (request->token() == "bad") {
      response->mutable_rejected()->set_reason(v1::REJECTION_REASON_BAD_SIGNATURE);
    } else if (request->token() == "nobody") {
      response->mutable_verified()->mutable_expire_time()->set_seconds(kNow + 900);
    } else if (request->token() != "silence") {
      response->mutable_verified()->set_subject(request->token() + request->cookie());
      response->mutable_verified()->mutable_expire_time()->set_seconds(kNow + 900);
      if (cache_for_seconds > 0) response->mutable_cache_for()->set_seconds(cache_for_seconds);
    }
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  std::atomic<int> calls = 0;
  std::atomic<int64_t> cache_for_seconds = 30;
};

// Keeps questions until Open(), which puts them to another.
class Gate : public Authenticator {
 public:
  explicit Gate(Authenticator& behind) : behind_(behind) {}

  void Authenticate(const Credential& credential, const common::CallTrace& trace, absl::Time deadline,
                    Callback done) override {
    questions_.push_back([this, token = std::string(credential.token), trace, deadline, done = std::move(done)] {
      behind_.Authenticate({.token = token}, trace, deadline, done);
    });
  }

  size_t questions() const { return questions_.size(); }
  void Open() {
    for (const auto& question : std::exchange(questions_, {})) question();
  }

 private:
  Authenticator& behind_;
  std::vector<std::function<void()>> questions_;
};

class CachingAuthenticatorTest : public ::testing::Test {
 protected:
  CachingAuthenticatorTest() { server_->SetServing(true); }

  std::string Authenticate(const Credential& credential) {
    std::promise<std::string> word;
    cache_.Authenticate(credential, common::CallTraceOf({}), absl::Now() + absl::Seconds(30),
                        [&word](const Authenticator::Verdict& verdict) {
                          word.set_value(verdict.ok() ? verdict->user_id()
                                                      : std::string(absl::StatusCodeToString(verdict.status().code())));
                        });
    return word.get_future().get();
  }

  CountingVerifier service_;
  std::unique_ptr<common::GrpcServer> server_ = *common::GrpcServer::Start(
      {.address = "127.0.0.1:0", .credentials = grpc::InsecureServerCredentials()}, service_);
  VerifierClient client_{
      MakeVerifierChannel(absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials())};
  SettableClock clock_;
  CachingAuthenticator cache_{client_, clock_, {}};
};

TEST_F(CachingAuthenticatorTest, NeverKeepsADenial) {
  EXPECT_EQ(Authenticate({.token = "bad"}), "UNAUTHENTICATED");
  EXPECT_EQ(Authenticate({.token = "bad"}), "UNAUTHENTICATED");
  EXPECT_EQ(service_.calls, 2);
}

TEST_F(CachingAuthenticatorTest, TakesAnAnswerThatNamesNobodyForAnOutage) {
  EXPECT_EQ(Authenticate({.token = "nobody"}), "UNAVAILABLE");
  EXPECT_EQ(Authenticate({.token = "silence"}), "UNAVAILABLE");
}

TEST_F(CachingAuthenticatorTest, NeverKeepsAnOutage) {
  server_->Drain(absl::ZeroDuration());
  EXPECT_EQ(Authenticate({.token = "ada"}), "UNAVAILABLE");
}

TEST_F(CachingAuthenticatorTest, AsksAgainWhileTheVerifierRestarts) {
  const std::string address = absl::StrCat("127.0.0.1:", server_->port());
  const auto channel = MakeVerifierChannel(address, grpc::InsecureChannelCredentials());
  VerifierClient patient(channel, /*patience=*/absl::Minutes(1));
  const auto ask = [&patient] {
    auto verdict = std::make_shared<std::promise<bool>>();
    patient.Authenticate({.token = "ada"}, common::CallTraceOf({}), absl::InfiniteFuture(),
                         [verdict](const Authenticator::Verdict& found) { verdict->set_value(found.ok()); });
    return verdict->get_future();
  };
  ASSERT_TRUE(ask().get());
  server_ = nullptr;
  // From here on a question fails as soon as it is put.
  const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(10);
  for (auto state = channel->GetState(true); state != GRPC_CHANNEL_TRANSIENT_FAILURE; state = channel->GetState(true)) {
    ASSERT_TRUE(channel->WaitForStateChange(state, deadline));
  }
  auto answer = ask();
  server_ =
      *common::GrpcServer::Start({.address = address, .credentials = grpc::InsecureServerCredentials()}, service_);
  server_->SetServing(true);
  EXPECT_TRUE(answer.get());
}

TEST_F(CachingAuthenticatorTest, KeepsNothingThatTheVerifierDoesNotAllow) {
  service_.cache_for_seconds = 0;
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(service_.calls, 2);
}

TEST_F(CachingAuthenticatorTest, NeverKeepsASession) {
  EXPECT_EQ(Authenticate({.cookie = "session", .origin = "x"}), "session");
  EXPECT_EQ(Authenticate({.cookie = "session", .origin = "x"}), "session");
  EXPECT_EQ(service_.calls, 2);
}

TEST_F(CachingAuthenticatorTest, AnswersAKnownTokenWithoutTheVerifier) {
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(Authenticate({.token = "bob"}), "bob");
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(service_.calls, 2);
  server_->Drain(absl::ZeroDuration());
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
}

TEST_F(CachingAuthenticatorTest, BelievesAPrincipalForAsLongAsTheVerifierAllows) {
  service_.cache_for_seconds = 20;
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  clock_.seconds = kNow + 19;
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(service_.calls, 1);
  clock_.seconds = kNow + 20;
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(service_.calls, 2);
}

TEST_F(CachingAuthenticatorTest, BelievesNobodyForLongerThanThirtySeconds) {
  service_.cache_for_seconds = 600;
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  clock_.seconds = kNow + 30;
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(service_.calls, 2);
}

TEST_F(CachingAuthenticatorTest, NeverBelievesATokenPastItsExpiry) {
  clock_.seconds = kNow + 890;
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  clock_.seconds = kNow + 900;
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(service_.calls, 3) << "and one that the verifier still takes, within its skew, is not kept";
}

TEST_F(CachingAuthenticatorTest, AsksOnceForAllWhoAskAtOnce) {
  Gate gate(client_);
  CachingAuthenticator cache(gate, clock_, {});
  std::vector<std::promise<std::string>> words(50);
  for (size_t i = 0; i < words.size(); ++i) {
    cache.Authenticate({.token = i % 2 == 0 ? "ada" : "bob"}, common::CallTraceOf({}), absl::InfiniteFuture(),
                       [&words, i](const Authenticator::Verdict& verdict) {
                         words[i].set_value(verdict.ok() ? verdict->user_id() : verdict.status().ToString());
                       });
  }
  ASSERT_EQ(gate.questions(), 2u);
  gate.Open();
  for (size_t i = 0; i < words.size(); ++i) EXPECT_EQ(words[i].get_future().get(), i % 2 == 0 ? "ada" : "bob");
}

TEST_F(CachingAuthenticatorTest, AsksAgainWhereTheClockWasSetBack) {
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  clock_.seconds = kNow - 3600;
  EXPECT_EQ(Authenticate({.token = "ada"}), "ada");
  EXPECT_EQ(service_.calls, 2);
}

}  // namespace
}  // namespace auth
