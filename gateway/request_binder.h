#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/api.h"
#include "gateway/json_reader.h"

namespace gateway {

// A header whose value goes into a field of the request.
struct HeaderValue {
  const FieldPath* field;
  std::string value;
};

// The parts of an HTTP request that become a gRPC request.
struct RequestParts {
  const std::vector<std::string>& path_values;  // one for each of the route's variables
  std::string_view query;                       // raw
  std::string_view body;                        // JSON, or what google.api.HttpBody takes; empty where none was sent
  std::string_view content_type = {};           // for HttpBody
  std::vector<HeaderValue> headers = {};
};

// Makes the gRPC request of `route` in its wire form: body, then mask, then query, then headers, then path, so that the
// path wins over all for the same field. Two members of one oneof are refused wherever they come from. The error names
// the field at fault. Pure.
std::optional<BindingError> BindRequest(const Route& route, const RequestParts& parts, std::string* out);

}  // namespace gateway
