#pragma once

#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/credential.h"
#include "common/auth/principal.h"
#include "common/grpc/call_trace.h"

namespace auth {

// Decides who a credential speaks for. Thread-safe.
class Authenticator {
 public:
  // A principal, or UNAUTHENTICATED or PERMISSION_DENIED with the reason, or UNAVAILABLE where nobody could decide.
  using Verdict = absl::StatusOr<Principal>;
  using Callback = std::function<void(Verdict)>;

  virtual ~Authenticator() = default;

  // Who `credential` speaks for, where that is known without asking anybody. Nothing means that it must be asked.
  virtual std::optional<Principal> Known(const Credential& credential) {
    static_cast<void>(credential);
    return std::nullopt;
  }

  // Calls `done` exactly once, within a bounded time and where it can be no later than shortly after `deadline`, from
  // any thread and perhaps before this returns. What `credential` views need only live until this returns. `trace` is
  // told to whoever is asked.
  virtual void Authenticate(const Credential& credential, const common::CallTrace& trace, absl::Time deadline,
                            Callback done) = 0;
};

}  // namespace auth
