#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/http/request_head.h"

namespace http {

// One whole request. Owns its bytes; views taken from `head` live as long as it does and stay valid when it is moved.
struct Request {
  RequestHead head;
  std::string body;
  // The address of the peer, without its port.
  std::string peer;
  // What `head` leads into. A vector, since moving one never moves its bytes.
  std::vector<char> head_bytes;

  Request() = default;
  Request(Request&&) = default;
  Request& operator=(Request&&) = default;
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;
};

}  // namespace http
