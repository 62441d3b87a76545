#pragma once

#include "common/http/request.h"
#include "common/http/responder.h"
#include "common/http/response.h"

namespace http {

// What a server does with requests. Called on many threads at once, and must outlive the server.
class Handler {
 public:
  virtual ~Handler() = default;

  // Answers one request, now or later, on any thread. Runs on a thread that serves other connections too: must not
  // block.
  virtual void Handle(Request request, Responder responder) = 0;

  // Makes the answer for a request that does not reach Handle(): malformed, over a limit, shed, dropped unanswered
  // (500). `head` is null where none could be parsed. Must not block.
  virtual Response Refuse(const RequestHead* head, const Refusal& refusal) = 0;

  // How many bytes the body of this request may have; `limit` is the server's own limit.
  virtual uint64_t BodyLimit(const RequestHead& /*head*/, uint64_t limit) { return limit; }
};

}  // namespace http
