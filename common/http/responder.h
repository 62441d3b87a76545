#pragma once

#include <functional>
#include <memory>

#include "common/http/response.h"
#include "common/http/stream.h"

namespace http {

class Session;

// The way back to the client of one request. Move-only. It may be used on any thread, once; dropped unused it answers
// 500. Every Responder must be used or dropped before its server is destroyed: the server's destructor waits for that.
class Responder {
 public:
  explicit Responder(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  Responder(Responder&&) = default;
  Responder& operator=(Responder&& other) noexcept;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  void Send(Response response);

  // Turns the answer into a stream: the request then counts as a stream and no longer as in flight. Null where there
  // are as many streams as may be; the responder can then still be used.
  std::unique_ptr<Stream> BeginStream(StreamOptions options);

  // Has `on_gone` called, on a thread of the server, if the client goes away before the answer, or the end of its
  // stream, was given and taken up. Only inside Handler::Handle(), on its thread. It must be safe to call at any time
  // until then, and must not block.
  void OnClientGone(std::function<void()> on_gone);

 private:
  std::shared_ptr<Session> session_;
};

}  // namespace http
