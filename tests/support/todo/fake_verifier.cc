#include "tests/support/todo/fake_verifier.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace todo::testing {

class FakeVerifier::Service : public auth::v1::TokenVerifierService::CallbackService {
 public:
  std::atomic<int64_t> expire_time = int64_t{4102444800};  // 2100-01-01
  std::atomic<int64_t> cache_seconds = 0;

  grpc::ServerUnaryReactor* VerifyToken(grpc::CallbackServerContext* context,
                                        const auth::v1::VerifyTokenRequest* request,
                                        auth::v1::VerifyTokenResponse* response) override {
    const std::string prefix = "token-of-";
    if (request->token().rfind(prefix, 0) == 0) {
      const std::string name = request->token().substr(prefix.size());
      response->mutable_verified()->set_subject(name);
      response->mutable_verified()->set_name("The " + name);
      response->mutable_verified()->set_email(name + "@example.org");
      response->mutable_verified()->mutable_expire_time()->set_seconds(expire_time);
      response->mutable_cache_for()->set_seconds(cache_seconds);
    } else {
      response->mutable_rejected()->set_reason(request->token() == "expired-token"
                                                   ? auth::v1::REJECTION_REASON_EXPIRED
                                                   : auth::v1::REJECTION_REASON_MALFORMED);
    }
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

FakeVerifier::FakeVerifier() : service_(std::make_unique<Service>()) { Start(); }

FakeVerifier::~FakeVerifier() = default;

std::string FakeVerifier::address() const { return absl::StrCat("127.0.0.1:", port_); }

void FakeVerifier::SetExpireTime(absl::Time time) { service_->expire_time = absl::ToUnixSeconds(time); }

void FakeVerifier::SetCacheFor(absl::Duration duration) { service_->cache_seconds = absl::ToInt64Seconds(duration); }

void FakeVerifier::SetServing(bool serving) { server_->SetServing(serving); }

void FakeVerifier::Stop() { server_ = nullptr; }

void FakeVerifier::Start() {
  auto server =
      common::GrpcServer::Start({.address = address(), .credentials = grpc::InsecureServerCredentials()}, *service_);
  if (!server.ok()) {
    std::fprintf(stderr, "%s\n", std::string(server.status().message()).c_str());
    std::abort();
  }
  server_ = *std::move(server);
  server_->SetServing(true);
  port_ = server_->port();
}

}  // namespace todo::testing
