#pragma once

#include <string>
#include <string_view>

namespace common {

// Whether a client's request id is fit to be logged and passed on: 1 to 128 of letters, digits, `-`, `_`, `.`.
bool IsRequestId(std::string_view text);
// Whether this is a version 00 traceparent (W3C Trace Context section 3.2).
bool IsTraceparent(std::string_view text);

// What was given where it is fit to be passed on, else a new one.
std::string RequestIdOr(std::string_view given);
std::string TraceparentOr(std::string_view given);

// New ones, random. Not secrets.
std::string MakeRequestId();
std::string MakeTraceparent();

// The trace id of a valid traceparent; a view of it.
std::string_view TraceIdOf(std::string_view traceparent);

}  // namespace common
