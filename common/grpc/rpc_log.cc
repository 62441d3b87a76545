#include "common/grpc/rpc_log.h"

#include <chrono>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace common {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

class RpcLog : public grpc::experimental::Interceptor {
 public:
  RpcLog(std::string_view method, const Logger& logger) : method_(method), logger_(logger) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const auto duration = std::chrono::steady_clock::now() - start_;
      const auto code = static_cast<absl::StatusCode>(methods->GetSendStatus().error_code());
      logger_.Info("rpc", {{"method", method_},
                           {"status", code == absl::StatusCode::kOk ? "OK" : absl::StatusCodeToString(code)},
                           {"duration_ms", absl::ToInt64Milliseconds(absl::FromChrono(duration))}});
    }
    methods->Proceed();
  }

 private:
  const std::string_view method_;
  const Logger& logger_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

grpc::experimental::Interceptor* RpcLogFactory::CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) {
  const std::string_view method = info->method();
  return method.starts_with("/grpc.") ? nullptr : new RpcLog(method, logger_);
}

}  // namespace common
