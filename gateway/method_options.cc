#include "gateway/method_options.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gateway/scalar_text.h"
#include "gateway/text.h"
#include "gateway/upstream.h"
#include "gateway/v1/annotations.pb.h"

namespace gateway {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;

absl::Status Wrong(std::string_view option, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(View(option), ": ", what));
}

// Resolves an option that names a single value with a text form. Nothing where it names none.
absl::Status ResolveText(std::string_view option, const std::string& name, const MessagePlan& message,
                         FieldPath* resolved) {
  if (name.empty()) return absl::OkStatus();
  absl::StatusOr<FieldPath> path = ResolvePath(message, name);
  if (!path.ok()) return Wrong(option, path.status().message());
  const FieldPlan& last = *path->back();
  if (last.is_repeated || !HasTextForm(last)) return Wrong(option, absl::StrCat("\"", name, "\" is no single value"));
  *resolved = *std::move(path);
  return absl::OkStatus();
}

// The same for a field of the answer's JSON body, which may be one field of the message.
absl::Status ResolveInBody(std::string_view option, const std::string& name, const Route& route, FieldPath* resolved) {
  if (name.empty()) return absl::OkStatus();
  const FieldPlan* body = route.response_field;
  if (body != nullptr && (body->message == nullptr || body->is_repeated || body->is_map)) {
    return Wrong(option, "needs a body that is a message");
  }
  absl::Status status = ResolveText(option, name, body == nullptr ? *route.method->response : *body->message, resolved);
  if (status.ok() && body != nullptr) resolved->insert(resolved->begin(), body);
  return status;
}

absl::Status ReadLocation(const std::string& location, Route* route) {
  constexpr std::string_view kOption = "http_response.location";
  if (location.empty()) return absl::OkStatus();
  absl::StatusOr<PathTemplate> path = PathTemplate::Parse(location);
  if (!path.ok()) return Wrong(kOption, path.status().message());
  for (const PathTemplate::Segment& segment : path->segments()) {
    if (segment.kind == PathTemplate::Kind::kMulti) return Wrong(kOption, "must not hold **");
  }
  const FieldPlan* body = route->response_field;
  const bool is_message = body == nullptr || (body->message != nullptr && !body->is_repeated && !body->is_map);
  if (!is_message) return Wrong(kOption, "needs a body that is a message");
  absl::StatusOr<std::vector<FieldPath>> variables =
      ResolveVariables(*path, body == nullptr ? *route->method->response : *body->message);
  if (!variables.ok()) return Wrong(kOption, variables.status().message());
  route->location = *std::move(path);
  route->location_variables = *std::move(variables);
  if (body == nullptr) return absl::OkStatus();
  for (FieldPath& variable : route->location_variables) variable.insert(variable.begin(), body);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<FieldPath>> ResolveVariables(const PathTemplate& path, const MessagePlan& message) {
  std::vector<FieldPath> resolved;
  for (const PathTemplate::Variable& variable : path.variables()) {
    const std::string name = absl::StrJoin(variable.field_path, ".");
    const std::string what = absl::StrCat("path variable \"", name, "\"");
    absl::StatusOr<FieldPath> fields = ResolvePath(message, name);
    if (!fields.ok()) return Wrong(what, fields.status().message());
    const FieldPlan& last = *fields->back();
    if (last.is_repeated || last.is_map) return absl::InvalidArgumentError(absl::StrCat(what, " is repeated"));
    if (!HasTextForm(last)) return absl::InvalidArgumentError(absl::StrCat(what, " is a message"));
    resolved.push_back(*std::move(fields));
  }
  return resolved;
}

absl::Status ReadMethodOptions(const MethodDescriptor& descriptor, const ApiOptions& defaults, Method* method) {
  const auto& service_options = descriptor.service()->options();
  method->style = defaults.style;
  method->ignore_unknown = defaults.ignore_unknown;
  if (service_options.HasExtension(gateway::v1::json_format)) {
    const auto& format = service_options.GetExtension(gateway::v1::json_format);
    method->style = {format.proto_field_names(), format.emit_defaults(), format.null_for_unset()};
    method->ignore_unknown = format.ignore_unknown();
  }
  const MethodOptions& options = descriptor.options();
  const int status = options.GetExtension(gateway::v1::http_response).status();
  if (status != 0 && (status < 200 || status > 299)) {
    return Wrong("http_response.status", absl::StrCat(status, " does not lie between 200 and 299"));
  }
  if (status != 0) method->success_status = status;
  const int max_body = options.GetExtension(gateway::v1::max_body_bytes);
  if (max_body < 0 || max_body > kMaxMessageBytes) {
    return Wrong("max_body_bytes", absl::StrCat(max_body, " does not lie between 0 and ", kMaxMessageBytes));
  }
  method->max_body_bytes = static_cast<uint64_t>(max_body);
  method->is_idempotent = options.idempotency_level() != MethodOptions::IDEMPOTENCY_UNKNOWN;

  absl::Status resolved =
      ResolveText("conditional.if_match_field", options.GetExtension(gateway::v1::conditional).if_match_field(),
                  *method->request, &method->if_match_field);
  if (resolved.ok()) {
    resolved = ResolveText("idempotency.key_field", options.GetExtension(gateway::v1::idempotency).key_field(),
                           *method->request, &method->key_field);
  }
  if (resolved.ok()) {
    resolved =
        ResolveText("stream.last_event_id_field", options.GetExtension(gateway::v1::stream).last_event_id_field(),
                    *method->request, &method->last_event_id_field);
  }
  if (resolved.ok() && options.HasExtension(gateway::v1::stream) && !method->server_streaming) {
    return Wrong("stream", "is for server-streaming methods");
  }
  return resolved;
}

absl::Status ReadRouteOptions(const MethodDescriptor& descriptor, Route* route) {
  const MethodOptions& options = descriptor.options();
  absl::Status status = ReadLocation(options.GetExtension(gateway::v1::http_response).location(), route);
  if (status.ok()) {
    status = ResolveInBody("conditional.etag_field", options.GetExtension(gateway::v1::conditional).etag_field(),
                           *route, &route->etag_field);
  }
  if (status.ok()) {
    status = ResolveInBody("stream.event_id_field", options.GetExtension(gateway::v1::stream).event_id_field(), *route,
                           &route->event_id_field);
  }
  return status;
}

}  // namespace gateway
