#include "services/todo/call_gate.h"

#include <algorithm>

#include "services/todo/task_errors.h"

namespace todo {
namespace {

// How long a call may take in all, and how much of that the database may take.
constexpr absl::Duration kCallTimeout = absl::Seconds(4);
constexpr absl::Duration kDatabaseTimeout = absl::Seconds(2);

Deadline DeadlineOf(const grpc::CallbackServerContext& context) {
  const absl::Duration left = absl::FromChrono(context.deadline()) - absl::FromChrono(std::chrono::system_clock::now());
  return DeadlineAfter(std::min(left, kCallTimeout));
}

}  // namespace

absl::Status CallGate::Admit(Context& context, const auth::Principal& principal, const std::string& user_id) {
  if (user_id != principal.user_id()) {
    cross_user_denied_.Add();
    common::TracedContext& call = common::TracedContextOf(context);
    logger_.Warning("authz_fail", {{"outcome", "refused"},
                                   {"reason", "another user's resources"},
                                   {"route", call.route()},
                                   {"sub", principal.user_id()},
                                   {"peer", call.peer_address()},
                                   {"request_id", call.trace().request_id},
                                   {"trace_id", call.trace().trace_id()}});
    return ForbiddenUserAccess();
  }
  const absl::Duration wait = limiter_.Take(user_id, std::chrono::steady_clock::now());
  if (wait <= absl::ZeroDuration()) return absl::OkStatus();
  rate_limited_.Add();
  return RateLimited(wait);
}

CallGate::Reactor* CallGate::Refuse(Context* context, const absl::Status& status) {
  Reactor* reactor = context->DefaultReactor();
  reactor->Finish(common::ToGrpcStatus(status));
  return reactor;
}

CallGate::Reactor* CallGate::Submit(Context* context, const std::string& user_id, Work work) {
  Reactor* reactor = context->DefaultReactor();
  workers_.Submit(user_id, [context, reactor, deadline = DeadlineOf(*context),
                            work = std::move(work)](const absl::Status& admitted) {
    absl::Status status = admitted;
    if (!admitted.ok()) {
      status = DatabaseUnavailable(std::string(admitted.message()));
    } else if (context->IsCancelled()) {
      status = absl::CancelledError("the caller has gone away");
    } else if (HasPassed(deadline)) {
      status = TookTooLong();
    } else {
      status = work(std::min(deadline, DeadlineAfter(kDatabaseTimeout)));
    }
    reactor->Finish(common::ToGrpcStatus(status));
  });
  return reactor;
}

}  // namespace todo
