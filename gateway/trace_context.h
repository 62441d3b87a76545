#pragma once

#include <string>
#include <string_view>

#include "common/http/request_head.h"

namespace gateway {

// Whether a client's request id is fit to be logged and passed on: 1 to 128 of letters, digits, `-`, `_`, `.`.
bool IsRequestId(std::string_view text);
// Whether this is a version 00 traceparent (W3C Trace Context section 3.2).
bool IsTraceparent(std::string_view text);

// What a request brought where it is fit to be passed on, else a new one.
std::string RequestIdOf(const http::RequestHead& head);
std::string TraceparentOf(const http::RequestHead& head);

// New ones, random. Not secrets.
std::string MakeRequestId();
std::string MakeTraceparent();

}  // namespace gateway
