#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gateway/api.h"

namespace gateway {

// Appends the body that `route` answers with for the gRPC answer `bytes`: the message, or its field that
// `response_body` names, as JSON; what google.api.HttpBody holds as it is. Errors are those of json_writer.h.
absl::Status WriteResponseBody(const Route& route, std::string_view bytes, std::string* content_type, std::string* out);

// Appends the value of the `Location` header, each variable percent-encoded; nothing where the route has none.
absl::Status WriteLocation(const Route& route, std::string_view bytes, std::string* out);

}  // namespace gateway
