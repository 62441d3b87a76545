#pragma once

#include <memory>
#include <utility>

#include "common/grpc/reachability.h"
#include "gateway/retry.h"
#include "gateway/upstream.h"

namespace gateway {

// Another upstream, whose unary calls are tried again where it is UNAVAILABLE, within the call's own time:
//
//   a call that no server has heard of    any call, while the upstream has been out of reach for less than `patience`
//   a call that it may have carried out   repeatable ones: three tries at most, and as far as the budget goes. What
//   tells
//                                         the client when to come back (RetryInfo) is the client's to decide
//
// Streams are passed on as they are. Thread-safe.
class RetryingUpstream : public Upstream {
 public:
  explicit RetryingUpstream(std::shared_ptr<Upstream> upstream, absl::Duration patience = common::kPatience);

  Cancel Call(std::shared_ptr<const UpstreamRequest> request, Done done) override;
  std::shared_ptr<UpstreamStream> Stream(std::shared_ptr<const UpstreamRequest> request,
                                         std::shared_ptr<StreamReader> reader) override;
  absl::Status Probe(absl::Duration timeout) override;

 private:
  // What all calls have in common.
  struct Shared {
    Shared(std::shared_ptr<Upstream> tried, absl::Duration patience)
        : upstream(std::move(tried)), reachability(patience) {}

    const std::shared_ptr<Upstream> upstream;
    common::Reachability reachability;
    RetryBudget budget;
  };
  class Attempts;

  const std::shared_ptr<Shared> shared_;
};

}  // namespace gateway
