// What a service gets that protects itself with the three lines, whatever it serves.
#include "common/auth/protection.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/grpc/health_probe.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/support/grpc/generic_call.h"

namespace auth {
namespace {

// A verifier that believes the token `good` alone.
class OneTokenVerifier : public v1::TokenVerifierService::CallbackService {
 public:
  grpc::ServerUnaryReactor* VerifyToken(grpc::CallbackServerContext* context, const v1::VerifyTokenRequest* request,
                                        v1::VerifyTokenResponse* response) override {
    if (request->token() == "good") {
      response->mutable_verified()->set_subject("ada");
      response->mutable_verified()->mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) + 900);
      response->mutable_cache_for()->set_seconds(30);
    } else {
      response->mutable_rejected()->set_reason(v1::REJECTION_REASON_BAD_SIGNATURE);
    }
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

// Any service of the callback API; this one's messages are at hand. Answers with who calls.
class GuardedService : public v1::TokenVerifierService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetKeySetStatus(grpc::CallbackServerContext* context, const v1::GetKeySetStatusRequest*,
                                            v1::GetKeySetStatusResponse* response) override {
    return Authenticated(context, [&](const Principal& user) {
      ++runs;
      response->add_key_sets()->set_jwks_url(user.user_id());
      grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
      reactor->Finish(grpc::Status::OK);
      return reactor;
    });
  }

  std::atomic<int> runs = 0;
};

template <typename Service>
std::unique_ptr<grpc::Server> Serve(Service& service, Protection* protection, int* port) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), port);
  builder.RegisterService(&service);
  if (protection != nullptr) protection->ApplyTo(builder);
  return builder.BuildAndStart();
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  details.ParseFromString(status.error_details());
  if (details.details_size() != 1 || !details.details(0).UnpackTo(&info)) return "";
  return info.reason();
}

class ProtectionTest : public ::testing::Test {
 protected:
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  // The user that the service sees, or the status's code and reason.
  std::string Call(const Metadata& metadata) { return Call(metadata, channel_); }
  static std::string Call(const Metadata& metadata, const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
    for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
    v1::GetKeySetStatusResponse response;
    const grpc::Status status = v1::TokenVerifierService::NewStub(channel)->GetKeySetStatus(&context, {}, &response);
    if (status.ok()) return response.key_sets(0).jwks_url();
    return absl::StrCat(status.error_code(), " ", ReasonOf(status));
  }

  static std::shared_ptr<grpc::Channel> ChannelTo(int port) {
    return grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials());
  }

  OneTokenVerifier verifier_;
  int verifier_port_ = 0;
  std::unique_ptr<grpc::Server> verifier_server_ = Serve(verifier_, nullptr, &verifier_port_);
  Protection protection_{
      MakeVerifierChannel(absl::StrCat("127.0.0.1:", verifier_port_), grpc::InsecureChannelCredentials())};
  GuardedService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_ = Serve(service_, &protection_, &port_);
  std::shared_ptr<grpc::Channel> channel_ = ChannelTo(port_);
};

constexpr char kUnauthenticated[] = "16 ";

TEST_F(ProtectionTest, RunsNoHandlerWithoutAGoodToken) {
  EXPECT_EQ(Call({}), absl::StrCat(kUnauthenticated, "MISSING_TOKEN"));
  EXPECT_EQ(Call({{"authorization", "Bearer bad"}}), absl::StrCat(kUnauthenticated, "INVALID_TOKEN_SIGNATURE"));
  EXPECT_EQ(Call({{"authorization", "Basic good"}}), absl::StrCat(kUnauthenticated, "INVALID_HEADER_FORMAT"));
  EXPECT_EQ(Call({{"authorization", "Bearer good"}, {"authorization", "Bearer good"}}),
            absl::StrCat(kUnauthenticated, "INVALID_HEADER_FORMAT"));
  EXPECT_EQ(Call({{"x-auth-subject", "ada"}, {"x-user-id", "ada"}}), absl::StrCat(kUnauthenticated, "MISSING_TOKEN"));
  EXPECT_EQ(service_.runs, 0);
}

TEST_F(ProtectionTest, RunsNoHandlerWhereNobodyCanDecide) {
  verifier_server_->Shutdown(std::chrono::system_clock::now());
  EXPECT_EQ(Call({{"authorization", "Bearer good"}}), "14 AUTH_UNAVAILABLE");
  EXPECT_EQ(service_.runs, 0);
}

TEST_F(ProtectionTest, RunsTheHandlerForWhoTheTokenSpeaksFor) {
  EXPECT_EQ(Call({{"authorization", "Bearer good"}}), "ada");
  verifier_server_->Shutdown(std::chrono::system_clock::now());
  EXPECT_EQ(Call({{"authorization", "Bearer good"}}), "ada") << "remembered";
  EXPECT_EQ(service_.runs, 2);
}

TEST_F(ProtectionTest, LeavesHealthOpen) { EXPECT_TRUE(common::ProbeHealth(channel_, absl::Seconds(30)).ok()); }

// gRPC 1.51 makes the context of such a call itself, and lets the server's allocator release it.
TEST_F(ProtectionTest, ACallOfNoMethodIsNoEndOfTheServer) {
  for (int i = 0; i < 3; ++i) {
    grpc::ByteBuffer response;
    const grpc::Status status =
        grpc_testing::GenericCall(channel_, "/no.such.Service/Method", grpc::ByteBuffer(), &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  }
  EXPECT_EQ(Call({{"authorization", "Bearer good"}}), "ada");
}

TEST_F(ProtectionTest, WhereItWasNotAppliedNobodyGetsIn) {
  GuardedService forgotten;
  int port = 0;
  const std::unique_ptr<grpc::Server> server = Serve(forgotten, nullptr, &port);
  EXPECT_EQ(Call({{"authorization", "Bearer good"}}, ChannelTo(port)), absl::StrCat(kUnauthenticated, "MISSING_TOKEN"));
  EXPECT_EQ(forgotten.runs, 0);
}

}  // namespace
}  // namespace auth
