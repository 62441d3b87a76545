#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "common/core/trace_context.h"
#include "common/http/request.h"
#include "common/http/responder.h"
#include "gateway/api.h"

namespace gateway {

// The value of a header, or "".
inline std::string_view HeaderOf(const http::RequestHead& head, std::string_view name) {
  return head.Find(name).value_or(std::string_view());
}

// Whether the request only asks, so that doing it twice does what doing it once does.
inline bool IsRead(const http::RequestHead& head) { return head.method == "GET" || head.method == "HEAD"; }

// One request on its way through the gateway, with the way back to its client. Handed from stage to stage; one at a
// time touches it.
struct Exchange {
  Exchange(http::Request r, http::Responder s) : request(std::move(r)), responder(std::move(s)) {}

  const http::RequestHead& head() const { return request.head; }
  bool sent_token() const { return head().Find("authorization").has_value(); }

  http::Request request;
  http::Responder responder;
  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  const std::string request_id = common::RequestIdOr(HeaderOf(request.head, "x-request-id"));
  const std::string traceparent = common::TraceparentOr(HeaderOf(request.head, "traceparent"));
  // What the log names in place of the path. Lives as long as the API does.
  std::string_view route_name = "unknown";
  const Route* route = nullptr;
  size_t route_index = 0;
};

using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace gateway
