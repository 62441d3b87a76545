#include "common/grpc/callback_threads.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_builder.h>

#include <memory>

namespace common {
namespace {

// A server that listens nowhere.
std::unique_ptr<grpc::Server> StartUser() {
  static auto& service = *new grpc::CallbackGenericService();
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(&service);
  return builder.BuildAndStart();
}

}  // namespace

void KeepCallbackThreads() {
  // Never ended; held even where the compiler sees that nobody uses it, so that it is no leak.
  [[gnu::used]] static const auto* const user = new std::unique_ptr<grpc::Server>(StartUser());
}

}  // namespace common
