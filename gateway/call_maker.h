#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/auth_mode.h"
#include "gateway/exchange.h"
#include "gateway/problem.h"
#include "gateway/upstream.h"

namespace gateway {

// Makes the gRPC call that a request to `exchange.route` is: metadata, deadline, and the message from path, query, body
// and the headers that the method's options name. `last_event_id` takes the place of the `Last-Event-ID` header where a
// stream is resumed. Streams have no deadline of the gateway's. Fails where the request cannot be bound.
std::optional<Problem> MakeCall(const Exchange& exchange, const std::vector<std::string>& path_values,
                                const AuthMode& auth_mode, const std::optional<std::string>& last_event_id,
                                UpstreamRequest* call);

}  // namespace gateway
