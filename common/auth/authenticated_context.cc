#include "common/auth/authenticated_context.h"

#include "common/auth/denial.h"

namespace auth {

const absl::StatusOr<Principal>& VerdictOf(const grpc::CallbackServerContext& context) {
  static const auto* const kUndecided =
      new absl::StatusOr<Principal>(Denial("MISSING_TOKEN", "the call was not authenticated"));
  const auto* authenticated = dynamic_cast<const AuthenticatedContext*>(&context);
  return authenticated != nullptr && authenticated->verdict_ ? *authenticated->verdict_ : *kUndecided;
}

}  // namespace auth
