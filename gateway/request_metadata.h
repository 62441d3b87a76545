#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/http/request_head.h"
#include "gateway/problem.h"

namespace gateway {

using Metadata = std::vector<std::pair<std::string, std::string>>;

// What of a request's headers goes upstream: `Authorization`; `Grpc-Metadata-X` as `x`, base64 decoded where it ends in
// `-Bin`. Never what an outsider could pass himself off with: `x-user-id`, `x-auth-*`, `grpc-*`, and in that form no
// `cookie` and no `origin`. Everything that is appended is valid gRPC metadata. Fails on two Authorization headers, a
// token over 8 KiB (431), and values that metadata cannot carry.
std::optional<Problem> AppendMetadata(const http::RequestHead& head, Metadata* metadata);

// What goes upstream beside that where sessions are a way in: `cookie` with the session cookies and nothing else, and
// `origin`, by which the upstream tells a page of its own from another. Fails where either stands twice.
std::optional<Problem> AppendSession(const http::RequestHead& head, Metadata* metadata);

// The trace that the call belongs to: `traceparent`, and the client's `tracestate` where the former is the client's too
// (W3C Trace Context section 3.3).
void AppendTrace(const http::RequestHead& head, const std::string& traceparent, Metadata* metadata);

// Reads `Grpc-Timeout` (`5S`, `250m`, as in gRPC's HTTP/2 protocol). Nothing where it is malformed.
std::optional<absl::Duration> ParseGrpcTimeout(std::string_view text);

}  // namespace gateway
