#pragma once

#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gateway/request_metadata.h"

namespace gateway {

// How many bytes a message may have: an answer that is taken of an upstream, and what a method's max_body_bytes may let
// through to one. gRPC itself takes 4 MiB where it is told nothing.
constexpr int kMaxMessageBytes = 64 * 1024 * 1024;

// One call to make.
struct UpstreamRequest {
  // `/pkg.Service/Method`; must live until the call is done.
  const std::string* rpc_path = nullptr;
  std::string message;  // in wire form
  Metadata metadata;
  absl::Time deadline = absl::InfiniteFuture();
  bool is_repeatable = false;  // doing it twice does what doing it once does
};

struct UpstreamAnswer {
  grpc::Status status;
  grpc::Slice message;     // in wire form; with an OK status
  bool is_unsent = false;  // UNAVAILABLE, and no server has heard of the call
};

// Takes what a stream brings. Must not block.
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  // The server has taken the call, or has failed it: OnDone() then follows at once.
  virtual void OnStarted() = 0;
  // The message that Next() asked for, in wire form.
  virtual void OnMessage(grpc::Slice message) = 0;
  // The last that is heard; called exactly once.
  virtual void OnDone(grpc::Status status) = 0;
};

// A streaming call under way. Thread-safe.
class UpstreamStream {
 public:
  virtual ~UpstreamStream() = default;
  // Asks for the next message; only once the last one has come.
  virtual void Next() = 0;
  // Ends the call early; OnDone() still comes. Does nothing once it came.
  virtual void Cancel() = 0;
};

// A server that answers gRPC calls. Thread-safe.
class Upstream {
 public:
  using Done = std::function<void(UpstreamAnswer)>;
  // Ends a call early; does nothing once it is done. Thread-safe. May be called at any time and outlive the call.
  using Cancel = std::function<void()>;

  virtual ~Upstream() = default;

  // Starts a unary call. `done` is called exactly once, on some thread, maybe before this returns; it must not block.
  virtual Cancel Call(std::shared_ptr<const UpstreamRequest> request, Done done) = 0;

  // Starts a server-streaming call. `reader` is called on some thread, by one at a time.
  virtual std::shared_ptr<UpstreamStream> Stream(std::shared_ptr<const UpstreamRequest> request,
                                                 std::shared_ptr<StreamReader> reader) = 0;

  // Whether the server says that it is serving. Blocks, for `timeout` at most.
  virtual absl::Status Probe(absl::Duration timeout) = 0;
};

}  // namespace gateway
