#include "gateway/api.h"

#include <google/protobuf/descriptor.pb.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gateway/scalar_text.h"
#include "gateway/text.h"
#include "gateway/v1/annotations.pb.h"
#include "google/api/annotations.pb.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

absl::Status Wrong(std::string_view what) { return absl::InvalidArgumentError(View(what)); }

// Collects what protobuf finds wrong with the files.
class FileErrors : public google::protobuf::DescriptorPool::ErrorCollector {
 public:
  explicit FileErrors(std::vector<std::string>* faults) : faults_(faults) {}
  void AddError(const std::string& file, const std::string& element, const google::protobuf::Message*, ErrorLocation,
                const std::string& message) override {
    faults_->push_back(absl::StrCat(file, ": ", element, ": ", message));
  }

 private:
  std::vector<std::string>* faults_;
};

struct Pattern {
  std::string http_method;
  std::string path;
};

absl::StatusOr<Pattern> PatternOf(const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return Pattern{"GET", rule.get()};
    case google::api::HttpRule::kPut:
      return Pattern{"PUT", rule.put()};
    case google::api::HttpRule::kPost:
      return Pattern{"POST", rule.post()};
    case google::api::HttpRule::kDelete:
      return Pattern{"DELETE", rule.delete_()};
    case google::api::HttpRule::kPatch:
      return Pattern{"PATCH", rule.patch()};
    case google::api::HttpRule::kCustom:
      if (rule.custom().kind().empty()) return Wrong("a custom pattern has no kind");
      return Pattern{rule.custom().kind(), rule.custom().path()};
    default:
      return Wrong("a rule has no pattern (get, put, post, delete, patch or custom)");
  }
}

// The fields that a template's variables name: single values that have a text form.
absl::StatusOr<std::vector<FieldPath>> ResolveVariables(const PathTemplate& path, const MessagePlan& message) {
  std::vector<FieldPath> resolved;
  for (const PathTemplate::Variable& variable : path.variables()) {
    const std::string name = absl::StrJoin(variable.field_path, ".");
    absl::StatusOr<FieldPath> fields = ResolvePath(message, name);
    if (!fields.ok()) return Wrong(absl::StrCat("path variable \"", name, "\": ", fields.status().message()));
    const FieldPlan& last = *fields->back();
    if (last.is_repeated || last.is_map) return Wrong(absl::StrCat("path variable \"", name, "\" is repeated"));
    if (!HasTextForm(last)) return Wrong(absl::StrCat("path variable \"", name, "\" is a message"));
    resolved.push_back(*std::move(fields));
  }
  return resolved;
}

absl::StatusOr<const FieldPlan*> TopLevelField(const MessagePlan& message, const std::string& name,
                                               std::string_view role) {
  const FieldPlan* field = message.FindByName(name);
  if (field != nullptr) return field;
  return Wrong(absl::StrCat(View(role), ": ", message.full_name, " has no field \"", name, "\""));
}

const FieldPlan* MaskField(const Route& route) {
  const bool body_is_message = route.body_field != nullptr && !route.body_field->is_repeated &&
                               !route.body_field->is_map && route.body_field->type == FieldDescriptor::TYPE_MESSAGE;
  if (route.http_method != "PATCH" || !body_is_message) return nullptr;
  const FieldPlan* field = route.method->request->FindByName("update_mask");
  const bool is_mask = field != nullptr && !field->is_repeated && field->message != nullptr &&
                       field->message->well_known == WellKnown::kFieldMask;
  return is_mask ? field : nullptr;
}

}  // namespace

class ApiBuilder {
 public:
  ApiBuilder() : file_errors_(&faults_), api_(new Api()) {}

  absl::StatusOr<std::unique_ptr<Api>> Build(std::string_view bytes, const std::set<std::string>& services) {
    google::protobuf::FileDescriptorSet set;
    if (!set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || set.file().empty()) {
      return Wrong("is no descriptor set: make one with protoc --include_imports --descriptor_set_out=FILE");
    }
    for (const auto& file : set.file()) {
      if (!database_.Add(file)) faults_.push_back(absl::StrCat(file.name(), ": is in the set twice"));
    }
    google::protobuf::DescriptorPool pool(&database_, &file_errors_);
    for (const auto& file : set.file()) AddFile(pool.FindFileByName(file.name()), services);
    for (const std::string& service : services) {
      if (found_.count(service) == 0) faults_.push_back(absl::StrCat("the descriptor set holds no service ", service));
    }
    if (!faults_.empty()) return Wrong(absl::StrJoin(faults_, "\n"));
    api_->table_.emplace(std::move(table_).Build());
    return std::move(api_);
  }

 private:
  void AddFile(const google::protobuf::FileDescriptor* file, const std::set<std::string>& services) {
    if (file == nullptr) return;  // FileErrors has noted why
    for (int s = 0; s < file->service_count(); ++s) {
      const auto& service = *file->service(s);
      if (services.count(service.full_name()) == 0) continue;
      found_.insert(service.full_name());
      for (int m = 0; m < service.method_count(); ++m) {
        const MethodDescriptor& method = *service.method(m);
        if (!method.options().HasExtension(google::api::http)) continue;
        if (absl::Status status = AddMethod(method); !status.ok()) {
          faults_.push_back(absl::StrCat(file->name(), ": ", method.full_name(), ": ", status.message()));
        }
      }
    }
  }

  absl::Status AddMethod(const MethodDescriptor& descriptor) {
    auto method = std::make_unique<Method>();
    method->full_name = descriptor.full_name();
    method->service = descriptor.service()->full_name();
    method->rpc_path = absl::StrCat("/", method->service, "/", descriptor.name());
    method->client_streaming = descriptor.client_streaming();
    method->server_streaming = descriptor.server_streaming();
    absl::StatusOr<const MessagePlan*> request = api_->plans_.Add(*descriptor.input_type());
    if (!request.ok()) return request.status();
    absl::StatusOr<const MessagePlan*> response = api_->plans_.Add(*descriptor.output_type());
    if (!response.ok()) return response.status();
    method->request = *request;
    method->response = *response;
    const auto& format = descriptor.service()->options().GetExtension(gateway::v1::json_format);
    method->style = {format.proto_field_names(), format.emit_defaults(), format.null_for_unset()};
    method->ignore_unknown = format.ignore_unknown();

    const auto& answer = descriptor.options().GetExtension(gateway::v1::http_response);
    if (answer.status() != 0 && (answer.status() < 200 || answer.status() > 299)) {
      return Wrong(absl::StrCat("http_response.status ", answer.status(), " does not lie between 200 and 299"));
    }
    if (answer.status() != 0) method->success_status = answer.status();
    api_->methods_.push_back(std::move(method));

    const auto& rule = descriptor.options().GetExtension(google::api::http);
    if (absl::Status status = AddRule(rule, answer); !status.ok()) return status;
    for (const auto& more : rule.additional_bindings()) {
      if (!more.additional_bindings().empty()) return Wrong("additional_bindings must not be nested");
      if (absl::Status status = AddRule(more, answer); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // Adds one binding of the method that was added last.
  absl::Status AddRule(const google::api::HttpRule& rule, const gateway::v1::HttpResponse& answer) {
    Route route;
    route.method = api_->methods_.back().get();
    absl::StatusOr<Pattern> pattern = PatternOf(rule);
    if (!pattern.ok()) return pattern.status();
    route.http_method = pattern->http_method;
    absl::StatusOr<PathTemplate> path = PathTemplate::Parse(pattern->path);
    if (!path.ok()) return path.status();
    route.path = *std::move(path);
    absl::StatusOr<std::vector<FieldPath>> variables = ResolveVariables(*route.path, *route.method->request);
    if (!variables.ok()) return variables.status();
    route.variables = *std::move(variables);
    if (absl::Status status = AddBodies(rule, &route); !status.ok()) return status;
    if (absl::Status status = AddLocation(answer, &route); !status.ok()) return status;
    route.mask_field = MaskField(route);
    absl::Status status = table_.Add(route.http_method, *route.path, api_->routes_.size(), route.method->full_name);
    if (!status.ok()) return Wrong({status.message().data(), status.message().size()});
    api_->routes_.push_back(std::move(route));
    return absl::OkStatus();
  }

  static absl::Status AddBodies(const google::api::HttpRule& rule, Route* route) {
    route->body_is_whole = rule.body() == "*";
    if (!rule.body().empty() && !route->body_is_whole) {
      absl::StatusOr<const FieldPlan*> field = TopLevelField(*route->method->request, rule.body(), "body");
      if (!field.ok()) return field.status();
      route->body_field = *field;
    }
    if (!rule.response_body().empty()) {
      absl::StatusOr<const FieldPlan*> field =
          TopLevelField(*route->method->response, rule.response_body(), "response_body");
      if (!field.ok()) return field.status();
      route->response_field = *field;
    }
    return absl::OkStatus();
  }

  // The variables name fields of the JSON body, which may be one field of the message.
  static absl::Status AddLocation(const gateway::v1::HttpResponse& answer, Route* route) {
    if (answer.location().empty()) return absl::OkStatus();
    const auto within = [](absl::Status status) {
      return Wrong(absl::StrCat("http_response.location: ", status.message()));
    };
    absl::StatusOr<PathTemplate> path = PathTemplate::Parse(answer.location());
    if (!path.ok()) return within(path.status());
    for (const PathTemplate::Segment& segment : path->segments()) {
      if (segment.kind == PathTemplate::Kind::kMulti) return within(Wrong("must not hold **"));
    }
    const FieldPlan* field = route->response_field;
    const bool is_message = field == nullptr || (field->message != nullptr && !field->is_repeated && !field->is_map);
    if (!is_message) return within(Wrong("needs a body that is a message"));
    absl::StatusOr<std::vector<FieldPath>> variables =
        ResolveVariables(*path, field == nullptr ? *route->method->response : *field->message);
    if (!variables.ok()) return within(variables.status());
    route->location = *std::move(path);
    route->location_variables = *std::move(variables);
    if (field != nullptr) {
      for (FieldPath& variable : route->location_variables) variable.insert(variable.begin(), field);
    }
    return absl::OkStatus();
  }

  std::vector<std::string> faults_;
  FileErrors file_errors_;
  google::protobuf::SimpleDescriptorDatabase database_;
  std::set<std::string> found_;
  RouteTable::Builder table_;
  std::unique_ptr<Api> api_;
};

absl::StatusOr<std::unique_ptr<Api>> Api::Create(std::string_view descriptor_set,
                                                 const std::set<std::string>& services) {
  return ApiBuilder().Build(descriptor_set, services);
}

std::string Api::Describe() const {
  std::string text;
  for (const Route& route : routes_) {
    const bool is_streaming = route.method->client_streaming || route.method->server_streaming;
    absl::StrAppend(&text, route.http_method,
                    std::string(std::max<size_t>(7, route.http_method.size()) - route.http_method.size() + 1, ' '),
                    route.path->text(), "  ->  ", route.method->full_name,
                    is_streaming ? "  (streaming: answers 501)" : "", "\n");
  }
  return text;
}

}  // namespace gateway
