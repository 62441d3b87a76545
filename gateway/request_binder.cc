#include "gateway/request_binder.h"

#include "absl/strings/str_cat.h"
#include "common/json/json_document.h"
#include "gateway/http_body.h"
#include "gateway/query_binder.h"
#include "gateway/wire.h"

namespace gateway {
namespace {

using Problem = std::optional<BindingError>;

Problem BindJson(const Route& route, std::string_view body, std::vector<std::string>* sent, std::string* out) {
  const absl::StatusOr<json::Document> document = json::Document::Parse(body, {.takes_big_integers = true});
  if (!document.ok()) return BindingError{"", "the body " + std::string(document.status().message())};
  const simdjson::dom::element root = document->root();
  JsonReadOptions options;
  options.ignore_unknown = route.method->ignore_unknown;
  options.sent = route.mask_field == nullptr ? nullptr : sent;
  if (route.body_is_whole) return ReadJsonMessage(*route.method->request, root, options, out);
  if (route.body_field != nullptr) return ReadJsonField(*route.body_field, root, options, out);
  // Clients that always send an object do no harm with an empty one.
  if (root.is_object() && simdjson::dom::object(root).size() == 0) return std::nullopt;
  return BindingError{"", "this method takes no body"};
}

Problem BindBody(const Route& route, const RequestParts& parts, std::vector<std::string>* sent, std::string* out) {
  if (parts.body.empty()) return std::nullopt;
  if (!route.TakesHttpBody()) return BindJson(route, parts.body, sent, out);
  if (route.body_is_whole) {
    AppendHttpBody(parts.content_type, parts.body, out);
    return std::nullopt;
  }
  wire::AppendTag(route.body_field->number, wire::Type::kBytes, out);
  wire::Nested nested(out);
  AppendHttpBody(parts.content_type, parts.body, out);
  nested.Close();
  return std::nullopt;
}

bool Holds(std::string_view message, uint32_t number) {
  wire::Reader reader(message);
  wire::Field field;
  while (!reader.done() && reader.Next(&field)) {
    if (field.number == number) return true;
  }
  return false;
}

void AppendMask(const FieldPlan& mask, const std::vector<std::string>& paths, std::string* out) {
  wire::AppendTag(mask.number, wire::Type::kBytes, out);
  wire::Nested nested(out);
  for (const std::string& path : paths) {
    wire::AppendTag(1, wire::Type::kBytes, out);
    wire::AppendBytes(path, out);
  }
  nested.Close();
}

// Looks for another member of a oneof that `path` goes through. Both lead through the same messages as far as they go.
const FieldPlan* FindRival(const MessagePlan& plan, const FieldPath& path, size_t depth, std::string_view message) {
  const FieldPlan& member = *path[depth];
  wire::Reader reader(message);
  wire::Field field;
  while (!reader.done() && reader.Next(&field)) {
    const FieldPlan* found = plan.FindByNumber(field.number);
    if (found == nullptr) continue;
    if (found != &member) {
      if (member.oneof >= 0 && found->oneof == member.oneof) return found;
    } else if (depth + 1 < path.size()) {
      if (const FieldPlan* rival = FindRival(*member.message, path, depth + 1, field.bytes)) return rival;
    }
  }
  return nullptr;
}

bool GoesThroughOneof(const FieldPath& path) {
  for (const FieldPlan* field : path) {
    if (field->oneof >= 0) return true;
  }
  return false;
}

std::string DottedPath(const FieldPath& path) {
  std::string text;
  for (const FieldPlan* field : path) absl::StrAppend(&text, text.empty() ? "" : ".", field->name);
  return text;
}

// Appends a value that is bound beside what `out` holds already.
Problem Bind(const Route& route, const FieldPath& path, std::string_view text, std::string* out) {
  if (GoesThroughOneof(path)) {
    if (const FieldPlan* rival = FindRival(*route.method->request, path, 0, *out)) {
      return BindingError{rival->name, absl::StrCat("cannot be given together with ", DottedPath(path))};
    }
  }
  return BindValue(path, text, out);
}

}  // namespace

std::optional<BindingError> BindRequest(const Route& route, const RequestParts& parts, std::string* out) {
  std::vector<std::string> sent;
  if (Problem error = BindBody(route, parts, &sent, out)) return error;
  const size_t query_start = out->size();
  QueryOptions options;
  options.ignore_unknown = route.method->ignore_unknown;
  options.body_field = route.body_field;
  options.body_is_whole = route.body_is_whole;
  if (Problem error = BindQuery(*route.method->request, parts.query, options, out)) return error;
  const std::string_view from_query = std::string_view(*out).substr(query_start);
  if (route.mask_field != nullptr && !sent.empty() && !Holds(from_query, route.mask_field->number)) {
    AppendMask(*route.mask_field, sent, out);
  }
  for (const HeaderValue& header : parts.headers) {
    if (Problem error = Bind(route, *header.field, header.value, out)) return error;
  }
  for (size_t i = 0; i < route.variables.size(); ++i) {
    if (Problem error = Bind(route, route.variables[i], parts.path_values[i], out)) return error;
  }
  return std::nullopt;
}

}  // namespace gateway
