#include "gateway/response_body.h"

#include "gateway/percent_encoding.h"

namespace gateway {

absl::Status WriteResponseBody(const Route& route, std::string_view bytes, std::string* out) {
  out->reserve(bytes.size() * 2 + 64);
  const Method& method = *route.method;
  if (route.response_field == nullptr) return WriteJsonMessage(*method.response, bytes, method.style, out);
  return WriteJsonField(*method.response, *route.response_field, bytes, method.style, out);
}

absl::Status WriteLocation(const Route& route, std::string_view bytes, std::string* out) {
  if (!route.location) return absl::OkStatus();
  const PathTemplate& path = *route.location;
  size_t variable = 0;
  for (size_t i = 0; i < path.segments().size(); ++i) {
    out->push_back('/');
    const bool is_variable = variable < path.variables().size() && path.variables()[variable].first == i;
    if (!is_variable) {
      out->append(path.segments()[i].literal);
      continue;
    }
    std::string value;
    if (absl::Status status = AppendFieldText(route.location_variables[variable], bytes, &value); !status.ok()) {
      return status;
    }
    AppendPercentEncoded(value, out);
    i += path.variables()[variable].count - 1;
    ++variable;
  }
  if (!path.verb().empty()) out->append(":").append(path.verb());
  return absl::OkStatus();
}

}  // namespace gateway
