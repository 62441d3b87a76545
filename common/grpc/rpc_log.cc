#include "common/grpc/rpc_log.h"

#include <chrono>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/grpc/error.h"
#include "common/grpc/status_mapping.h"
#include "common/grpc/traced_context.h"

namespace common {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

std::string_view OutcomeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return "ok";
    case absl::StatusCode::kCancelled:
      return "cancelled";
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
      return "failed";
    default:
      return "refused";
  }
}

class RpcLog : public grpc::experimental::Interceptor {
 public:
  RpcLog(TracedContext& context, const Logger& logger) : context_(context), logger_(logger) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) Log(methods->GetSendStatus());
    methods->Proceed();
  }

 private:
  void Log(const grpc::Status& status) const {
    const auto code = static_cast<absl::StatusCode>(status.error_code());
    const std::string_view outcome = OutcomeOf(code);
    const CallTrace& trace = context_.trace();
    const std::string peer = context_.peer_address();
    const std::string name = code == absl::StatusCode::kOk ? "OK" : absl::StatusCodeToString(code);
    const std::string reason = code == absl::StatusCode::kOk ? "" : ReasonOf(FromGrpcStatus(status));
    const Logger::Fields fields = {{"route", context_.route()},
                                   {"grpc_status", name},
                                   {"outcome", outcome},
                                   {"reason", reason},
                                   {"duration_ms", absl::FromChrono(std::chrono::steady_clock::now() - start_)},
                                   {"sub", context_.subject()},
                                   {"peer", peer},
                                   {"request_id", trace.request_id},
                                   {"trace_id", trace.trace_id()}};
    if (outcome == "failed") return logger_.Warning("rpc", fields);
    logger_.Info("rpc", fields);
  }

  TracedContext& context_;
  const Logger& logger_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

grpc::experimental::Interceptor* RpcLogFactory::CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) {
  if (std::string_view(info->method()).starts_with("/grpc.")) return nullptr;
  TracedContext* context = TracedContext::Of(*info);
  return context == nullptr ? nullptr : new RpcLog(*context, logger_);
}

}  // namespace common
