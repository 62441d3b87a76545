// What is tried again while an upstream is out of reach, with a real gRPC server that comes and goes.
#include "gateway/retrying_upstream.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/grpc/grpc_server.h"
#include "gateway/grpc_upstream.h"
#include "tests/support/gateway/feature_service.h"

namespace gateway {
namespace {

using gateway_testing::v1::FlakyRequest;

// Passes everything on, and counts the calls of which no server has heard.
class UnsentCounter : public Upstream {
 public:
  explicit UnsentCounter(const std::string& address) : upstream_(address, grpc::InsecureChannelCredentials()) {}

  Cancel Call(std::shared_ptr<const UpstreamRequest> request, Done done) override {
    return upstream_.Call(std::move(request), [this, done](UpstreamAnswer answer) {
      if (answer.is_unsent) ++unsent_;
      done(std::move(answer));
    });
  }
  std::shared_ptr<UpstreamStream> Stream(std::shared_ptr<const UpstreamRequest> request,
                                         std::shared_ptr<StreamReader> reader) override {
    return upstream_.Stream(std::move(request), std::move(reader));
  }
  absl::Status Probe(absl::Duration timeout) override { return upstream_.Probe(timeout); }

  int unsent() const { return unsent_; }

 private:
  GrpcUpstream upstream_;
  std::atomic<int> unsent_ = 0;
};

// How the gateway is told where its upstream is.
enum class Form { kAddress, kName, kDnsName, kList, kSocket, kSocketUri };

class Away : public testing::TestWithParam<Form> {
 protected:
  void SetUp() override {
    if (IsSocket()) listens_at_ = absl::StrCat("unix:", testing::TempDir(), "upstream-", getpid());
    StartServer();
    if (!IsSocket()) listens_at_ = absl::StrCat("127.0.0.1:", server_->port());
  }
  void TearDown() override {
    if (IsSocket()) unlink(listens_at_.substr(5).c_str());
  }

  bool IsSocket() const { return GetParam() == Form::kSocket || GetParam() == Form::kSocketUri; }

  std::string Address() const {
    switch (GetParam()) {
      case Form::kAddress:
      case Form::kSocket:
        return listens_at_;
      case Form::kName:
        return absl::StrCat("localhost:", server_->port());
      case Form::kDnsName:
        return absl::StrCat("dns:///localhost:", server_->port());
      case Form::kList:
        return absl::StrCat(listens_at_, ",127.0.0.2:", server_->port());
      case Form::kSocketUri:
        break;
    }
    return absl::StrCat("unix://", listens_at_.substr(5));
  }

  void StartServer() {
    common::GrpcServerOptions options;
    options.address = listens_at_;
    options.credentials = grpc::InsecureServerCredentials();
    server_ = *common::GrpcServer::Start(std::move(options), service_);
    server_->SetServing(true);
  }

  // A write that fails with UNAVAILABLE as often as that before it is carried out.
  std::future<UpstreamAnswer> Write(RetryingUpstream& upstream, int failures = 0) {
    FlakyRequest message;
    message.set_failures(failures);
    auto request = std::make_shared<UpstreamRequest>();
    request->rpc_path = &rpc_path_;
    request->message = message.SerializeAsString();
    request->deadline = absl::Now() + absl::Minutes(1);
    auto promise = std::make_shared<std::promise<UpstreamAnswer>>();
    upstream.Call(std::move(request), [promise](UpstreamAnswer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
  }

  const std::string rpc_path_ = "/gateway_testing.v1.FeatureService/Flaky";
  std::string listens_at_ = "127.0.0.1:0";
  gateway_testing::FeatureService service_;
  std::unique_ptr<common::GrpcServer> server_;
};

TEST_P(Away, AWriteThatNoServerHasHeardOfWaitsForOneToComeBack) {
  const auto counter = std::make_shared<UnsentCounter>(Address());
  RetryingUpstream upstream(counter, absl::Minutes(1));
  ASSERT_TRUE(Write(upstream).get().status.ok());
  server_ = nullptr;
  auto answer = Write(upstream);
  while (counter->unsent() < 2) {
    // The end of the connection had not been heard of yet.
    if (answer.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready) answer = Write(upstream);
  }
  StartServer();
  EXPECT_TRUE(answer.get().status.ok());
}

TEST_P(Away, TheFirstWriteInAGapWaitsHoweverLongAgoTheLastOneWas) {
  constexpr absl::Duration kShort = absl::Milliseconds(1);
  const auto counter = std::make_shared<UnsentCounter>(Address());
  RetryingUpstream upstream(counter, kShort);
  ASSERT_TRUE(Write(upstream).get().status.ok());
  const absl::Time answered = absl::Now();
  server_ = nullptr;
  while (absl::Now() - answered <= kShort) std::this_thread::yield();
  // At first it may not have heard of the connection's end.
  while (counter->unsent() == 0) Write(upstream).wait();
  EXPECT_EQ(counter->unsent(), 2) << "the second one came after more than this upstream's patience";
}

TEST_P(Away, IsToldAtOnceWhereTheUpstreamHasBeenAwayForLong) {
  const auto counter = std::make_shared<UnsentCounter>(Address());
  RetryingUpstream upstream(counter, absl::ZeroDuration());
  server_ = nullptr;
  EXPECT_EQ(Write(upstream).get().status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(counter->unsent(), 1);
}

TEST_P(Away, AWriteThatAServerMayHaveCarriedOutIsNotRepeated) {
  const auto counter = std::make_shared<UnsentCounter>(Address());
  RetryingUpstream upstream(counter, absl::Minutes(1));
  EXPECT_EQ(Write(upstream, /*failures=*/1).get().status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(counter->unsent(), 0);
}

INSTANTIATE_TEST_SUITE_P(Forms, Away,
                         testing::Values(Form::kAddress, Form::kName, Form::kDnsName, Form::kList, Form::kSocket,
                                         Form::kSocketUri));

}  // namespace
}  // namespace gateway
