#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_interceptor.h>

#include <optional>
#include <string>
#include <string_view>

#include "common/grpc/call_trace.h"

namespace common {

// The context of every call of a server of ours: what the lines of its log say of the call.
class TracedContext : public grpc::CallbackServerContext {
 public:
  // Who calls, once that was checked; else empty.
  virtual std::string_view subject() const { return {}; }

  // The method, as in `/todo.v1.TaskService/GetTask`; empty where no interceptor of ours has seen the call.
  std::string_view route() const { return route_; }

  // Which request the call belongs to. Only once its metadata is there, and not on two threads at once.
  const CallTrace& trace();

  // The caller's address without its port.
  std::string peer_address() const;

  // The context of a call that begins; null where the server makes other contexts.
  static TracedContext* Of(grpc::experimental::ServerRpcInfo& info);

 private:
  std::string_view route_;
  std::optional<CallTrace> trace_;
};

// The context of a call of a GrpcServer.
inline TracedContext& TracedContextOf(grpc::CallbackServerContext& context) {
  return static_cast<TracedContext&>(context);
}

// Makes gRPC use TracedContext.
//
// gRPC 1.51 also releases by this overload what it has made itself, and not on the heap, for a call of a method that
// does not exist: so that such a call is no end of the process, its context is made here too. It is no TracedContext.
class TracedContextAllocator : public grpc::ContextAllocator {
 public:
  grpc::CallbackServerContext* NewCallbackServerContext() override { return new TracedContext(); }
  grpc::GenericCallbackServerContext* NewGenericCallbackServerContext() final {
    return new grpc::GenericCallbackServerContext();
  }
  void Release(grpc::CallbackServerContext* context) final { delete context; }
  using grpc::ContextAllocator::Release;
};

}  // namespace common
