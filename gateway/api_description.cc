#include "gateway/api_description.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gateway/scalar_text.h"
#include "gateway/text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// How many messages deep a query parameter is looked for.
constexpr size_t kMaxQueryDepth = 3;

bool IsNamedByOpenApi(const std::string& method) {
  static const std::set<std::string> kMethods = {"GET", "PUT", "POST", "DELETE", "PATCH"};
  return kMethods.count(method) > 0;
}

// The path with its variables in braces. Two templates of one shape get the same names: those of the first.
class PathNames {
 public:
  // Also gives the names of the route's variables in this path, in order.
  std::string Of(const Route& route, std::vector<std::string>* names) {
    std::vector<std::string> parts;
    std::vector<std::string> own;
    const PathTemplate& path = *route.path;
    for (size_t i = 0; i < path.segments().size(); ++i) {
      const auto variable = std::find_if(path.variables().begin(), path.variables().end(),
                                         [i](const PathTemplate::Variable& v) { return v.first == i; });
      if (variable != path.variables().end()) {
        own.push_back(absl::StrJoin(variable->field_path, "."));
        parts.push_back("{}");
        i += variable->count - 1;
      } else if (path.segments()[i].kind == PathTemplate::Kind::kLiteral) {
        parts.push_back(path.segments()[i].literal);
      } else {
        own.push_back(absl::StrCat("any", own.size() + 1));
        parts.push_back("{}");
      }
    }
    std::string shape = absl::StrCat("/", absl::StrJoin(parts, "/"), path.verb().empty() ? "" : ":", path.verb());
    *names = names_.try_emplace(shape, own).first->second;
    size_t at = 0;
    for (const std::string& name : *names) {
      at = shape.find("{}", at);
      shape.insert(at + 1, name);
    }
    return shape;
  }

 private:
  std::map<std::string, std::vector<std::string>> names_;
};

const FieldDescriptor* FieldAt(const google::protobuf::Descriptor& message, const FieldPath& path) {
  const google::protobuf::Descriptor* current = &message;
  const FieldDescriptor* field = nullptr;
  for (const FieldPlan* plan : path) {
    field = current->FindFieldByName(plan->name);
    current = field->message_type();
  }
  return field;
}

std::string VariableText(const PathTemplate& path, size_t index, const FieldDescriptor& field) {
  std::string text = CommentOf(field);
  const PathTemplate::Variable& variable = path.variables()[index];
  if (!variable.is_multi) return text;
  std::vector<std::string> segments;
  for (size_t i = variable.first; i < variable.first + variable.count; ++i) {
    const PathTemplate::Segment& segment = path.segments()[i];
    segments.push_back(segment.kind == PathTemplate::Kind::kLiteral  ? segment.literal
                       : segment.kind == PathTemplate::Kind::kSingle ? "*"
                                                                     : "**");
  }
  return absl::StrCat(text, text.empty() ? "" : " ", "Several segments of the path, in the form `",
                      absl::StrJoin(segments, "/"), "`.");
}

class OperationBuilder {
 public:
  OperationBuilder(const Route& route, const MethodDescriptor& method) {
    operation_.route = &route;
    operation_.method = &method;
    operation_.http_method = absl::AsciiStrToLower(route.http_method);
    operation_.text = CommentOf(method);
    operation_.summary = FirstSentence(operation_.text);
    if (operation_.summary.empty()) operation_.summary = method.name();
  }

  OperationDescription Build(std::string id, std::string path, const std::vector<std::string>& names) {
    operation_.id = std::move(id);
    operation_.path = std::move(path);
    AddPath(names);
    const Route& route = *operation_.route;
    if (!route.body_is_whole) AddQuery(*route.method->request, *operation_.method->input_type(), {}, "");
    AddHeaders();
    return std::move(operation_);
  }

 private:
  void AddPath(const std::vector<std::string>& names) {
    const Route& route = *operation_.route;
    // Wildcards outside of variables have a name but no field.
    size_t variable = 0;
    for (const std::string& name : names) {
      ParameterDescription parameter{name, "path", "", true, nullptr};
      const bool is_wildcard = absl::StartsWith(name, "any") && variable == route.variables.size();
      if (!is_wildcard && variable < route.variables.size()) {
        parameter.field = FieldAt(*operation_.method->input_type(), route.variables[variable]);
        parameter.text = VariableText(*route.path, variable, *parameter.field);
        ++variable;
      }
      operation_.parameters.push_back(std::move(parameter));
    }
  }

  bool IsInPath(const FieldPath& path) const {
    const auto& variables = operation_.route->variables;
    return std::find(variables.begin(), variables.end(), path) != variables.end();
  }

  void AddQuery(const MessagePlan& plan, const google::protobuf::Descriptor& message, const FieldPath& before,
                const std::string& prefix) {
    const Route& route = *operation_.route;
    for (const FieldPlan& field : plan.fields) {
      FieldPath path = before;
      path.push_back(&field);
      const bool is_elsewhere = (before.empty() && &field == route.body_field) || IsInPath(path) ||
                                path == route.method->if_match_field || path == route.method->key_field;
      if (is_elsewhere || field.is_map) continue;
      const FieldDescriptor& descriptor = *message.FindFieldByName(field.name);
      const std::string name =
          absl::StrCat(prefix, route.method->style.proto_field_names ? field.name : field.json_name);
      if (HasTextForm(field)) {
        operation_.parameters.push_back({name, "query", CommentOf(descriptor), false, &descriptor});
      } else if (!field.is_repeated && field.message->well_known == WellKnown::kNone && path.size() < kMaxQueryDepth &&
                 field.message != &plan) {
        AddQuery(*field.message, *descriptor.message_type(), path, name + ".");
      }
    }
  }

  void AddHeader(const std::string& name, const std::string& text) {
    operation_.parameters.push_back({name, "header", text, false, nullptr});
  }

  void AddHeaders() {
    const Route& route = *operation_.route;
    if (!route.method->if_match_field.empty()) {
      AddHeader("If-Match", "The entity tag that must be the current one, or the answer is 412.");
    }
    if (!route.etag_field.empty() && route.http_method == "GET") {
      AddHeader("If-None-Match", "The entity tags that the client has: where one is current the answer is 304.");
    }
    if (!route.method->key_field.empty()) {
      AddHeader("Idempotency-Key", "A key of the client's own: a call that is sent again with it is done once.");
    }
    if (!route.method->last_event_id_field.empty()) {
      AddHeader("Last-Event-ID", "The id of the last event that arrived: the stream goes on behind it.");
    }
  }

  OperationDescription operation_;
};

}  // namespace

std::string Reflow(std::string_view comment) {
  std::string text;
  for (absl::string_view line : absl::StrSplit(View(comment), '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) {
      if (!text.empty() && text.back() != '\n') text.append("\n\n");
    } else {
      absl::StrAppend(&text, text.empty() || text.back() == '\n' ? "" : " ", line);
    }
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string FirstSentence(const std::string& text) {
  const std::string paragraph = text.substr(0, text.find('\n'));
  const size_t end = std::min(paragraph.find(". "), paragraph.find(": "));
  std::string sentence = paragraph.substr(0, end);
  while (!sentence.empty() && (sentence.back() == '.' || sentence.back() == ':')) sentence.pop_back();
  return sentence;
}

std::vector<OperationDescription> DescribeApi(const std::vector<Route>& routes,
                                              const std::vector<const MethodDescriptor*>& descriptors) {
  std::vector<OperationDescription> operations;
  std::set<std::pair<std::string, std::string>> seen;
  std::map<std::string, int> ids;
  PathNames paths;
  for (size_t i = 0; i < routes.size(); ++i) {
    if (!IsNamedByOpenApi(routes[i].http_method) || routes[i].is_hidden) continue;
    std::vector<std::string> names;
    std::string path = paths.Of(routes[i], &names);
    if (!seen.emplace(routes[i].http_method, path).second) continue;
    std::string id = absl::StrCat(descriptors[i]->service()->name(), "_", descriptors[i]->name());
    if (const int number = ++ids[id]; number > 1) absl::StrAppend(&id, "_", number);
    operations.push_back(OperationBuilder(routes[i], *descriptors[i]).Build(std::move(id), std::move(path), names));
  }
  return operations;
}

}  // namespace gateway
