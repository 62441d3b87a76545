#pragma once

#include <functional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"

namespace auth {

// Decides who a bearer token speaks for. Thread-safe.
class TokenAuthenticator {
 public:
  // A principal, or UNAUTHENTICATED with the reason, or UNAVAILABLE where nobody could decide.
  using Verdict = absl::StatusOr<Principal>;
  using Callback = std::function<void(Verdict)>;

  virtual ~TokenAuthenticator() = default;

  // Calls `done` exactly once, no later than shortly after `deadline`, from any thread and perhaps before this returns.
  // `token` need only live until this returns.
  virtual void Authenticate(std::string_view token, absl::Time deadline, Callback done) = 0;
};

}  // namespace auth
