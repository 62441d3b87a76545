#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/http/response.h"

namespace http {

class Session;

struct StreamOptions {
  // Sent before the first bytes. Must have no body.
  Response head;
  // Sent whenever nothing else was for `heartbeat_interval`; empty for none. Shows either side that the other is alive.
  std::string heartbeat;
  absl::Duration heartbeat_interval = absl::Seconds(15);
  // How long the head waits for the first bytes, so that a stream which fails at once can still answer with a status.
  absl::Duration hold_head = absl::Seconds(3);
};

// An answer that has no known length: chunked, or until the end of the connection in HTTP/1.0. Move-only; may be used
// on any thread, by one at a time. Dropped without an end it cuts the connection off, which tells the client that
// something is missing. Every Stream must be ended or dropped before its server is destroyed.
class Stream {
 public:
  explicit Stream(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  Stream(Stream&&) = default;
  Stream& operator=(Stream&&) = delete;
  Stream(const Stream&) = delete;
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
  std::shared_ptr<Session> session_;
};

}  // namespace http
