#pragma once

#include <memory>

#include "gateway/retry.h"
#include "gateway/upstream.h"

namespace gateway {

// Another upstream, whose repeatable unary calls are tried again where it is UNAVAILABLE: three tries at most, within
// the call's own time, and as far as the budget goes. What tells the client when to come back (RetryInfo) is the
// client's to decide. Streams are passed on as they are. Thread-safe.
class RetryingUpstream : public Upstream {
 public:
  explicit RetryingUpstream(std::shared_ptr<Upstream> upstream);

  Cancel Call(std::shared_ptr<const UpstreamRequest> request, Done done) override;
  std::shared_ptr<UpstreamStream> Stream(std::shared_ptr<const UpstreamRequest> request,
                                         std::shared_ptr<StreamReader> reader) override;
  absl::Status Probe(absl::Duration timeout) override;

 private:
  struct Shared {
    std::shared_ptr<Upstream> upstream;
    RetryBudget budget;
  };
  class Attempts;

  const std::shared_ptr<Shared> shared_;
};

}  // namespace gateway
