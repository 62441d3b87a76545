#include "common/metrics/rpc_metrics.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <chrono>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace metrics {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

std::string CodeName(size_t code) {
  return code == 0 ? "OK" : absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

class RpcCount : public grpc::experimental::Interceptor {
 public:
  explicit RpcCount(RpcMetrics::Method& method) : method_(method) { method_.started.Add(); }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const auto code = static_cast<size_t>(methods->GetSendStatus().error_code());
      // A handler may make up a code; that is UNKNOWN (2).
      method_.handled[code < RpcMetrics::kCodes ? code : 2].Add();
      if (!method_.is_streaming) {
        method_.seconds.Observe(absl::FromChrono(std::chrono::steady_clock::now() - start_));
      }
    }
    methods->Proceed();
  }

 private:
  RpcMetrics::Method& method_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

RpcMetrics::RpcMetrics(const std::vector<std::string>& services) {
  for (const std::string& name : services) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      const google::protobuf::MethodDescriptor& descriptor = *service->method(i);
      auto method = std::make_unique<Method>();
      method->path = absl::StrCat("/", name, "/", descriptor.name());
      method->service = name;
      method->name = descriptor.name();
      method->is_streaming = descriptor.client_streaming() || descriptor.server_streaming();
      by_path_.emplace(method->path, method.get());
      methods_.push_back(std::move(method));
    }
  }
}

RpcMetrics::Method* RpcMetrics::Find(std::string_view path) const {
  const auto found = by_path_.find(absl::string_view(path.data(), path.size()));
  return found == by_path_.end() ? nullptr : found->second;
}

void RpcMetrics::AddTo(Registry& registry) const {
  registry.Add(Type::kCounter, "grpc_server_started_total", "Calls that came in.", [this](Samples& samples) {
    for (const auto& method : methods_) {
      samples.Add({{"grpc_service", method->service}, {"grpc_method", method->name}}, method->started);
    }
  });
  registry.Add(
      Type::kCounter, "grpc_server_handled_total", "Calls that were answered, by the status code of the answer.",
      [this](Samples& samples) {
        for (const auto& method : methods_) {
          for (size_t code = 0; code < kCodes; ++code) {
            samples.Add(
                {{"grpc_service", method->service}, {"grpc_method", method->name}, {"grpc_code", CodeName(code)}},
                method->handled[code]);
          }
        }
      });
  registry.Add(Type::kHistogram, "grpc_server_handling_seconds",
               "Time from the arrival of a call to its answer; calls that stream are left out.",
               [this](Samples& samples) {
                 for (const auto& method : methods_) {
                   if (method->is_streaming) continue;
                   samples.Add({{"grpc_service", method->service}, {"grpc_method", method->name}}, method->seconds);
                 }
               });
}

grpc::experimental::Interceptor* RpcMetricsFactory::CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) {
  RpcMetrics::Method* const method = metrics_.Find(info->method());
  return method == nullptr ? nullptr : new RpcCount(*method);
}

}  // namespace metrics
