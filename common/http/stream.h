#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "common/http/response.h"

namespace http {

class Session;
struct StreamState;

struct StreamOptions {
  // Sent before the first bytes. Must have no body.
  Response head;
  // Sent whenever nothing else was for `heartbeat_interval`; empty for none. Shows either side that the other is alive.
  std::string heartbeat;
  absl::Duration heartbeat_interval = absl::Seconds(15);
  // How long the head waits for the first bytes, so that a stream which fails at once can still answer with a status.
  absl::Duration hold_head = absl::Seconds(3);
};

// An answer that has no known length: chunked, or until the end of the connection in HTTP/1.0. Thread-safe. Dropped
// without an end it cuts the connection off, which tells the client that something is missing. What is called behind
// the end does nothing. Every Stream must be ended or dropped before its server is destroyed.
class Stream {
 public:
  Stream(std::shared_ptr<Session> session, std::shared_ptr<StreamState> state);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  // Sends `bytes`. `ready` is called once, on a thread of the server, when the client has taken enough for more to be
  // written; never if it goes away first. Waiting for it bounds what is buffered for a slow client.
  void Write(std::string bytes, std::function<void()> ready);
  // Puts another head in place of that of the options, unless it was sent already.
  void ReplaceHead(Response head);
  // Does not wait for the first bytes any longer than `delay`.
  void ReleaseHead(absl::Duration delay);
  // Sends the last bytes.
  void End(std::string last);
  // Answers `instead`, or where the head was sent already, sends `last` and ends the stream.
  void Fail(Response instead, std::string last);
  // The same, but cuts the connection off where the head was sent already.
  void FailOrCut(Response instead);

 private:
  void Finish(std::optional<Response> instead, std::optional<std::string> last);

  std::shared_ptr<Session> session_;
  const std::shared_ptr<StreamState> state_;
  std::atomic<bool> is_ended_{false};
};

}  // namespace http
