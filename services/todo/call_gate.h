#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <string>
#include <utility>

#include "common/auth/authenticated_context.h"
#include "common/auth/principal.h"
#include "common/core/logger.h"
#include "common/grpc/status_mapping.h"
#include "common/metrics/counter.h"
#include "services/todo/deadline.h"
#include "services/todo/rate_limiter.h"
#include "services/todo/worker_pool.h"

namespace todo {

// The way of every call up to the store: a principal is there, or the call is denied; the request's `user_id` is the
// principal's, or it is refused; the user does not call too often; the request is valid; and only then, on a worker
// thread, comes the store. Thread-safe.
class CallGate {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  // What a call does on a worker thread, once its request is valid.
  using Work = std::function<absl::Status(Deadline deadline)>;

  // Both must outlive the gate and the calls under way.
  CallGate(WorkerPool& workers, RateLimiter& limiter, common::Logger logger)
      : workers_(workers), limiter_(limiter), logger_(std::move(logger)) {}

  // For requests with a `user_id`: `validate(request)` gives a StatusOr of what `run(valid, deadline)` is called with.
  template <typename Request, typename Validate, typename Run>
  Reactor* ForOwner(Context* context, const Request& request, Validate validate, Run run) {
    return auth::Authenticated(context, [&](const auth::Principal& principal) {
      if (absl::Status status = Admit(*context, principal, request.user_id()); !status.ok())
        return Refuse(context, status);
      auto valid = validate(request);
      if (!valid.ok()) return Refuse(context, valid.status());
      return Submit(context, principal.user_id(), [valid = *std::move(valid), run = std::move(run)](Deadline deadline) {
        return run(valid, deadline);
      });
    });
  }

  // For requests that are about whoever calls: `run(user_id, deadline)`.
  template <typename Request, typename Run>
  Reactor* ForCaller(Context* context, const Request&, Run run) {
    return auth::Authenticated(context, [&](const auth::Principal& principal) {
      const std::string& user_id = principal.user_id();
      if (absl::Status status = Admit(*context, principal, user_id); !status.ok()) return Refuse(context, status);
      return Submit(context, user_id,
                    [user_id, run = std::move(run)](Deadline deadline) { return run(user_id, deadline); });
    });
  }

  // Whether a call of `principal` that names `user_id` may go on: logs `authz_fail` where it names another's.
  absl::Status Admit(Context& context, const auth::Principal& principal, const std::string& user_id);

  // The calls that named another user's id than their token's.
  const metrics::Counter& cross_user_denied() const { return cross_user_denied_; }
  // The calls of users who called too often.
  const metrics::Counter& rate_limited() const { return rate_limited_; }

 private:
  static Reactor* Refuse(Context* context, const absl::Status& status);
  // Runs `work` on a worker thread and finishes the call with what it gives.
  Reactor* Submit(Context* context, const std::string& user_id, Work work);

  WorkerPool& workers_;
  RateLimiter& limiter_;
  const common::Logger logger_;
  metrics::Counter cross_user_denied_;
  metrics::Counter rate_limited_;
};

}  // namespace todo
