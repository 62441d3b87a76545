#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_interceptor.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace common {

// What every gRPC server of ours has in common.
struct GrpcServerOptions {
  // `HOST:PORT` (port 0 lets the system choose) or `unix:PATH`.
  std::string address;
  std::shared_ptr<grpc::ServerCredentials> credentials;
  // After this a connection takes no more calls, and its client connects anew; give or take a tenth, so that not all do
  // at once.
  absl::Duration connection_age = absl::Minutes(5);
  // In order; may be empty.
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors = {};
  // Makes contexts that extend TracedContext; null for that one.
  std::unique_ptr<grpc::ContextAllocator> context_allocator = nullptr;
  // Served beside the first; they must outlive the server. May be empty.
  std::vector<grpc::Service*> further_services = {};
  // Serves gRPC reflection: for development.
  bool reflection = false;
};

// A running gRPC server with health (grpc.health.v1), the limits on metadata, messages and pings, and a drain. It is
// NOT_SERVING until told otherwise. Thread-safe.
class GrpcServer {
 public:
  // `service` must outlive the server. Fails with a message that names the address where that cannot be listened on.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(GrpcServerOptions options, grpc::Service& service);

  // Drains with no grace if that was not done yet.
  ~GrpcServer();

  // The port that was chosen; 0 for a Unix-domain socket.
  int port() const { return port_; }

  // What health checks answer.
  void SetServing(bool serving);

  // Reports NOT_SERVING for good, and blocks for as long as those who watch that need to go elsewhere. Calls are taken
  // until Drain(): what is under way or just being sent does not fail.
  void BidFarewell();

  // Reports NOT_SERVING for good, accepts no more calls, and lets those under way finish within `grace`; what is left
  // then is cancelled. Blocks until all is done. Does nothing the second time.
  void Drain(absl::Duration grace);

 private:
  GrpcServer() = default;

  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace common
