#include "gateway/response_body.h"

#include <utility>

#include "gateway/http_body.h"
#include "gateway/percent_encoding.h"

namespace gateway {

namespace {

// The bytes of one message field, merged where the wire repeats it.
bool FindMessage(std::string_view bytes, const FieldPlan& field, std::string* content) {
  wire::Reader reader(bytes);
  wire::Field part;
  while (!reader.done()) {
    if (!reader.Next(&part)) return false;
    if (part.number == field.number && part.type == wire::Type::kBytes) content->append(part.bytes);
  }
  return true;
}

absl::Status WriteHttpBody(const Route& route, std::string_view bytes, std::string* content_type, std::string* out) {
  HttpBody body;
  std::string field;
  bool is_valid = route.response_field == nullptr || FindMessage(bytes, *route.response_field, &field);
  is_valid = is_valid && ReadHttpBody(route.response_field == nullptr ? bytes : field, &body);
  if (!is_valid) return absl::InternalError("the upstream's answer is no valid message");
  *content_type = std::move(body.content_type);
  out->append(body.data);
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteResponseBody(const Route& route, std::string_view bytes, std::string* content_type,
                               std::string* out) {
  if (route.AnswersHttpBody()) return WriteHttpBody(route, bytes, content_type, out);
  *content_type = "application/json";
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
