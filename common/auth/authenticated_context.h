#pragma once

#include <grpcpp/server_context.h>

#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "common/auth/principal.h"
#include "common/grpc/status_mapping.h"
#include "common/grpc/traced_context.h"

namespace auth {

// The context of every call of a protected server: carries the interceptor's verdict to the handler.
class AuthenticatedContext : public common::TracedContext {
 public:
  std::string_view subject() const override {
    return verdict_ && verdict_->ok() ? std::string_view((*verdict_)->user_id()) : std::string_view();
  }

 private:
  friend class AuthInterceptor;
  friend class AuthInterceptorFactory;
  friend const absl::StatusOr<Principal>& VerdictOf(const grpc::CallbackServerContext& context);

  std::optional<absl::StatusOr<Principal>> verdict_;
};

// Makes gRPC use AuthenticatedContext. Set it on the server's builder together with the interceptor.
class AuthenticatedContextAllocator : public common::TracedContextAllocator {
 public:
  grpc::CallbackServerContext* NewCallbackServerContext() override { return new AuthenticatedContext(); }
};

// The verdict about a call; a denial where no interceptor has decided about it.
const absl::StatusOr<Principal>& VerdictOf(const grpc::CallbackServerContext& context);

// The guard of every handler: runs `handler(principal)`, or finishes the call with the denial, so that no handler runs
// without a principal. `handler` returns the reactor of the call; the principal lives as long as `context`.
template <typename Handler>
grpc::ServerUnaryReactor* Authenticated(grpc::CallbackServerContext* context, Handler&& handler) {
  const absl::StatusOr<Principal>& verdict = VerdictOf(*context);
  if (verdict.ok()) return std::forward<Handler>(handler)(*verdict);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(common::ToGrpcStatus(verdict.status()));
  return reactor;
}

// The same for a method that streams its answer.
template <typename Response, typename Handler>
grpc::ServerWriteReactor<Response>* AuthenticatedStream(grpc::CallbackServerContext* context, Handler&& handler) {
  class Denied : public grpc::ServerWriteReactor<Response> {
   public:
    explicit Denied(const absl::Status& status) { this->Finish(common::ToGrpcStatus(status)); }
    void OnDone() override { delete this; }
  };
  const absl::StatusOr<Principal>& verdict = VerdictOf(*context);
  if (!verdict.ok()) return new Denied(verdict.status());
  const absl::StatusOr<grpc::ServerWriteReactor<Response>*> reactor = std::forward<Handler>(handler)(*verdict);
  return reactor.ok() ? *reactor : new Denied(reactor.status());
}

}  // namespace auth
