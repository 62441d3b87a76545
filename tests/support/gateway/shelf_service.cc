#include "tests/support/gateway/shelf_service.h"

#include <chrono>

#include "common/grpc/error.h"
#include "common/grpc/status_mapping.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace gateway_testing {
namespace {

grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const char* method, const v1::BookRequest& request,
                               v1::BookAnswer* answer) {
  *answer->mutable_request() = request;
  *answer->mutable_item() = request.item();
  *answer->mutable_tags() = request.tags();
  answer->set_method(method);
  for (const auto& [key, value] : context->client_metadata()) {
    (*answer->mutable_metadata())[std::string(key.data(), key.size())] = std::string(value.data(), value.size());
  }
  auto* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::Status Failure(const v1::FailRequest& request) {
  const auto code = static_cast<absl::StatusCode>(request.status_code());
  google::rpc::Status details;
  details.set_code(request.status_code());
  if (!request.reason().empty()) {
    google::rpc::ErrorInfo info;
    info.set_reason(request.reason());
    details.add_details()->PackFrom(info);
  }
  if (!request.violations().empty()) {
    google::rpc::BadRequest bad_request;
    for (const std::string& field : request.violations()) {
      auto* violation = bad_request.add_field_violations();
      violation->set_field(field);
      violation->set_description("is not valid");
    }
    details.add_details()->PackFrom(bad_request);
  }
  if (request.retry_after() > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(request.retry_after());
    details.add_details()->PackFrom(retry);
  }
  return grpc::Status(static_cast<grpc::StatusCode>(code), request.message(), details.SerializeAsString());
}

class HangingReactor : public grpc::ServerUnaryReactor {
 public:
  explicit HangingReactor(ShelfService& service) : service_(service) { service_.CountHanging(); }
  void OnCancel() override {
    service_.CountCancelled();
    Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  ShelfService& service_;
};

}  // namespace

#define ECHO_METHOD(Name)                                                                                            \
  grpc::ServerUnaryReactor* ShelfService::Name(grpc::CallbackServerContext* context, const v1::BookRequest* request, \
                                               v1::BookAnswer* answer) {                                             \
    return Echo(context, #Name, *request, answer);                                                                   \
  }
ECHO_METHOD(GetBook)
ECHO_METHOD(GetCatalog)
ECHO_METHOD(Hidden)
ECHO_METHOD(CreateBook)
ECHO_METHOD(UpdateBook)
ECHO_METHOD(MergeBook)
ECHO_METHOD(SetTags)
ECHO_METHOD(DeleteBook)
#undef ECHO_METHOD

grpc::ServerUnaryReactor* ShelfService::Fail(grpc::CallbackServerContext* context, const v1::FailRequest* request,
                                             v1::BookAnswer*) {
  auto* reactor = context->DefaultReactor();
  reactor->Finish(Failure(*request));
  return reactor;
}

grpc::ServerUnaryReactor* ShelfService::Hang(grpc::CallbackServerContext*, const v1::BookRequest*, v1::BookAnswer*) {
  return new HangingReactor(*this);
}

void ShelfService::CountHanging() {
  common::MutexLock lock(mutex_);
  ++hanging_;
  changed_.NotifyAll();
}

void ShelfService::CountCancelled() {
  common::MutexLock lock(mutex_);
  ++cancelled_;
  changed_.NotifyAll();
}

bool ShelfService::AwaitHanging(int count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  common::MutexLock lock(mutex_);
  while (hanging_ < count) {
    if (!changed_.WaitUntil(mutex_, deadline)) return false;
  }
  return true;
}

bool ShelfService::AwaitCancelled(int count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  common::MutexLock lock(mutex_);
  while (cancelled_ < count) {
    if (!changed_.WaitUntil(mutex_, deadline)) return false;
  }
  return true;
}

}  // namespace gateway_testing
