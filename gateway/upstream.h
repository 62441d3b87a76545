#pragma once

#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gateway/request_metadata.h"

namespace gateway {

// One unary call to make.
struct UpstreamRequest {
  // `/pkg.Service/Method`; must live until the call is done.
  const std::string* rpc_path = nullptr;
  std::string message;  // in wire form
  Metadata metadata;
  absl::Duration timeout;
};

struct UpstreamAnswer {
  grpc::Status status;
  grpc::Slice message;  // in wire form; with an OK status
};

// A server that answers gRPC calls. Thread-safe.
class Upstream {
 public:
  using Done = std::function<void(UpstreamAnswer)>;
  // Ends a call early; does nothing once it is done. Thread-safe. May be called at any time and outlive the call.
  using Cancel = std::function<void()>;

  virtual ~Upstream() = default;

  // Starts the call. `done` is called exactly once, on some thread, maybe before this returns; it must not block.
  virtual Cancel Call(UpstreamRequest request, Done done) = 0;

  // Whether the server says that it is serving. Blocks, for `timeout` at most.
  virtual absl::Status Probe(absl::Duration timeout) = 0;
};

}  // namespace gateway
