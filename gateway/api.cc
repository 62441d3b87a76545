#include "gateway/api.h"

#include <google/protobuf/descriptor.pb.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gateway/docs_page.h"
#include "gateway/http_body.h"
#include "gateway/method_options.h"
#include "gateway/openapi.h"
#include "gateway/text.h"
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
  explicit ApiBuilder(const ApiOptions& options) : options_(options), file_errors_(&faults_), api_(new Api()) {}

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
    if (api_->plans_.HasAny()) {
      for (const auto& file : set.file()) AddPackable(pool.FindFileByName(file.name()));
    }
    for (const std::string& service : services) {
      if (found_.count(service) == 0) faults_.push_back(absl::StrCat("the descriptor set holds no service ", service));
    }
    if (!faults_.empty()) return Wrong(absl::StrJoin(faults_, "\n"));
    api_->table_.emplace(std::move(table_).Build());
    const std::vector<OperationDescription> operations = DescribeApi(api_->routes_, descriptors_);
    api_->openapi_ = WriteOpenApi(operations);
    api_->docs_page_ = WriteDocsPage(operations);
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
        if (!method.options().HasExtension(google::api::http) && !options_.exposes_unannotated) continue;
        if (absl::Status status = AddMethod(method); !status.ok()) {
          faults_.push_back(absl::StrCat(file->name(), ": ", method.full_name(), ": ", status.message()));
        }
      }
    }
  }

  // Any message of the set may be inside a google.protobuf.Any. One that has no JSON form may not, which is no fault.
  void AddPackable(const google::protobuf::FileDescriptor* file) {
    if (file == nullptr) return;
    for (int i = 0; i < file->message_type_count(); ++i) AddPackable(*file->message_type(i));
  }
  void AddPackable(const google::protobuf::Descriptor& type) {
    if (!type.options().map_entry()) api_->plans_.Add(type).status().IgnoreError();
    for (int i = 0; i < type.nested_type_count(); ++i) AddPackable(*type.nested_type(i));
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
    if (absl::Status status = ReadMethodOptions(descriptor, options_, method.get()); !status.ok()) return status;
    api_->methods_.push_back(std::move(method));

    const google::api::HttpRule rule = RuleOf(descriptor);
    if (absl::Status status = AddRule(rule, descriptor); !status.ok()) return status;
    for (const auto& more : rule.additional_bindings()) {
      if (!more.additional_bindings().empty()) return Wrong("additional_bindings must not be nested");
      if (absl::Status status = AddRule(more, descriptor); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  google::api::HttpRule RuleOf(const MethodDescriptor& descriptor) const {
    if (descriptor.options().HasExtension(google::api::http))
      return descriptor.options().GetExtension(google::api::http);
    google::api::HttpRule rule;
    rule.set_post(absl::StrCat("/", descriptor.service()->full_name(), "/", descriptor.name()));
    rule.set_body("*");
    return rule;
  }

  // Adds one binding of the method that was added last.
  absl::Status AddRule(const google::api::HttpRule& rule, const MethodDescriptor& descriptor) {
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
    if (absl::Status status = ReadRouteOptions(descriptor, &route); !status.ok()) return status;
    route.mask_field = MaskField(route);
    if (absl::Status status = AddToTable(route); !status.ok()) return status;
    api_->routes_.push_back(std::move(route));
    descriptors_.push_back(&descriptor);
    return absl::OkStatus();
  }

  absl::Status AddToTable(const Route& route) {
    const size_t index = api_->routes_.size();
    const std::string& name = route.method->full_name;
    if (options_.later_route_wins) {
      const std::optional<size_t> hidden = table_.Replace(route.http_method, *route.path, index, name);
      if (hidden) api_->routes_[*hidden].is_hidden = true;
      return absl::OkStatus();
    }
    const absl::Status status = table_.Add(route.http_method, *route.path, index, name);
    return status.ok() ? status : Wrong({status.message().data(), status.message().size()});
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

  const ApiOptions& options_;
  std::vector<std::string> faults_;
  FileErrors file_errors_;
  google::protobuf::SimpleDescriptorDatabase database_;
  std::set<std::string> found_;
  RouteTable::Builder table_;
  std::vector<const MethodDescriptor*> descriptors_;  // of each route
  std::unique_ptr<Api> api_;
};

absl::StatusOr<std::unique_ptr<Api>> Api::Create(std::string_view descriptor_set, const std::set<std::string>& services,
                                                 const ApiOptions& options) {
  return ApiBuilder(options).Build(descriptor_set, services);
}

bool Route::TakesHttpBody() const {
  return body_field != nullptr ? IsHttpBody(*body_field) : body_is_whole && IsHttpBody(*method->request);
}

bool Route::AnswersHttpBody() const {
  return response_field != nullptr ? IsHttpBody(*response_field) : IsHttpBody(*method->response);
}

std::string Api::Describe() const {
  std::string text;
  for (const Route& route : routes_) {
    absl::StrAppend(&text, route.http_method,
                    std::string(std::max<size_t>(7, route.http_method.size()) - route.http_method.size() + 1, ' '),
                    route.path->text(), "  ->  ", route.method->full_name,
                    route.is_hidden                  ? "  (hidden: a later method has this route)"
                    : route.method->client_streaming ? "  (client streaming: answers 501)"
                    : route.method->server_streaming ? "  (stream)"
                                                     : "",
                    "\n");
  }
  return text;
}

}  // namespace gateway
