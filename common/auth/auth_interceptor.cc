#include "common/auth/auth_interceptor.h"

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "common/auth/authenticated_context.h"
#include "common/auth/call_credential.h"
#include "common/grpc/error.h"

namespace auth {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;
using std::chrono::steady_clock;

bool IsExempt(std::string_view method) {
  return method.starts_with("/grpc.health.v1.Health/") || method.starts_with("/grpc.reflection.");
}

absl::Duration Since(steady_clock::time_point start) { return absl::FromChrono(steady_clock::now() - start); }

}  // namespace

class AuthInterceptor : public Interceptor {
 public:
  AuthInterceptor(AuthenticatedContext& context, Authenticator& authenticator, ValidationMetrics& metrics,
                  const common::Logger& logger)
      : context_(context), authenticator_(authenticator), metrics_(metrics), logger_(logger) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (!methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      methods->Proceed();
      return;
    }
    start_ = steady_clock::now();
    const absl::StatusOr<Credential> credential = CredentialOf(*methods->GetRecvInitialMetadata());
    if (!credential.ok()) {
      Decide(credential.status());
      methods->Proceed();
      return;
    }
    // The call waits for Proceed(), so the context and this interceptor outlive the answer.
    authenticator_.Authenticate(*credential, context_.trace(), absl::FromChrono(context_.deadline()),
                                [this, methods](Authenticator::Verdict verdict) {
                                  Decide(std::move(verdict));
                                  methods->Proceed();
                                });
  }

 private:
  void Decide(Authenticator::Verdict verdict) {
    metrics_.Count(ResultOf(verdict.status()), Since(start_));
    if (!verdict.ok()) Log(verdict.status());
    context_.verdict_ = std::move(verdict);
  }

  void Log(const absl::Status& denial) const {
    logger_.Warning("authn_fail", {{"outcome", absl::IsUnavailable(denial) ? "failed" : "refused"},
                                   {"reason", common::ReasonOf(denial)},
                                   {"detail", std::string(denial.message())},
                                   {"route", context_.route()},
                                   {"peer", context_.peer_address()},
                                   {"request_id", context_.trace().request_id},
                                   {"trace_id", context_.trace().trace_id()}});
  }

  AuthenticatedContext& context_;
  Authenticator& authenticator_;
  ValidationMetrics& metrics_;
  const common::Logger& logger_;
  steady_clock::time_point start_;
};

grpc::experimental::Interceptor* AuthInterceptorFactory::CreateServerInterceptor(
    grpc::experimental::ServerRpcInfo* info) {
  const std::string_view method = info->method();
  // A call that is exempt, or whose context cannot carry a verdict and so is denied by the guard, needs none.
  auto* context = IsExempt(method) ? nullptr : dynamic_cast<AuthenticatedContext*>(common::TracedContext::Of(*info));
  if (context == nullptr) return nullptr;
  const steady_clock::time_point start = steady_clock::now();
  // Nor does one whose token is known already: gRPC has its metadata by now, and a call without an interceptor costs
  // less. Where the metadata should not be there yet, it is looked at when it is.
  if (const absl::StatusOr<Credential> credential = CredentialOf(context->client_metadata()); credential.ok()) {
    if (std::optional<Principal> principal = authenticator_.Known(*credential)) {
      context->verdict_ = *std::move(principal);
      metrics_.Count(ValidationResult::kOk, Since(start));
      return nullptr;
    }
  }
  return new AuthInterceptor(*context, authenticator_, metrics_, logger_);
}

}  // namespace auth
