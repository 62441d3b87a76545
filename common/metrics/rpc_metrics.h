#pragma once

#include <grpcpp/support/server_interceptor.h>
#include <grpcpp/support/status.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/metrics/counter.h"
#include "common/metrics/histogram.h"
#include "common/metrics/registry.h"

namespace metrics {

// Counts the calls of a gRPC server by method and status code, and times those that do not stream: how long a stream
// lasts is its client's choice. Health and reflection are left out. Thread-safe.
class RpcMetrics {
 public:
  // gRPC's codes, OK to UNAUTHENTICATED.
  static constexpr size_t kCodes = 17;

  struct Method {
    std::string path;  // `/pkg.Service/Method`
    std::string service;
    std::string name;
    bool is_streaming = false;
    Counter started;
    std::array<Counter, kCodes> handled;
    Histogram seconds;
  };

  // `services` are full names of services whose generated code is linked in.
  explicit RpcMetrics(const std::vector<std::string>& services);

  // Null for a method that is not one of theirs. The pointer lives as long as this.
  Method* Find(std::string_view path) const;

  // Adds `grpc_server_*` to `registry`, which this must outlive.
  void AddTo(Registry& registry) const;

 private:
  std::vector<std::unique_ptr<Method>> methods_;
  absl::flat_hash_map<std::string, Method*> by_path_;
};

// Counts each call in `metrics`, which must outlive the server.
class RpcMetricsFactory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit RpcMetricsFactory(const RpcMetrics& metrics) : metrics_(metrics) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override;

 private:
  const RpcMetrics& metrics_;
};

}  // namespace metrics
