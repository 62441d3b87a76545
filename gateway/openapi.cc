#include "gateway/openapi.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "gateway/json_builder.h"
#include "gateway/openapi_schema.h"

namespace gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::ServiceDescriptor;
using Use = OpenApiSchemas::Use;

// `todo.v1` is version 1 of an API.
std::string VersionOf(const ServiceDescriptor& service) {
  const std::string& package = service.file()->package();
  const std::string last = package.substr(package.rfind('.') + 1);
  return last.size() > 1 && last.front() == 'v' ? last : "v0";
}

class OpenApiWriter {
 public:
  std::string Write(const std::vector<OperationDescription>& operations) {
    std::vector<const ServiceDescriptor*> services;
    std::map<std::string, std::vector<const OperationDescription*>> by_path;
    std::vector<std::string> paths;
    for (const OperationDescription& operation : operations) {
      const ServiceDescriptor* service = operation.method->service();
      if (std::find(services.begin(), services.end(), service) == services.end()) services.push_back(service);
      auto& at_path = by_path[operation.path];
      if (at_path.empty()) paths.push_back(operation.path);
      at_path.push_back(&operation);
    }
    out_.Open().Member("openapi", "3.1.0");
    WriteInfo(services);
    out_.Name("servers").OpenList().Open().Member("url", "/").Close().CloseList();
    out_.Name("security").OpenList().Open().Close().Open().Name("bearer").OpenList().CloseList().Close().CloseList();
    out_.Name("paths").Open();
    for (const std::string& path : paths) {
      out_.Name(path).Open();
      for (const OperationDescription* operation : by_path[path]) WriteOperation(*operation);
      out_.Close();
    }
    out_.Close();
    WriteComponents();
    return out_.Close().Take();
  }

 private:
  void WriteInfo(const std::vector<const ServiceDescriptor*>& services) {
    std::string title;
    for (const ServiceDescriptor* service : services)
      absl::StrAppend(&title, title.empty() ? "" : ", ", service->name());
    out_.Name("info").Open().Member("title", title.empty() ? "API" : title);
    out_.Member("version", services.empty() ? "v0" : VersionOf(*services.front()));
    if (services.size() == 1) out_.MemberUnlessEmpty("description", CommentOf(*services.front()));
    out_.Close().Name("tags").OpenList();
    for (const ServiceDescriptor* service : services) {
      out_.Open().Member("name", service->name()).MemberUnlessEmpty("description", CommentOf(*service)).Close();
    }
    out_.CloseList();
  }

  void WriteOperation(const OperationDescription& operation) {
    out_.Name(operation.http_method).Open();
    out_.Member("operationId", operation.id).Member("summary", operation.summary);
    out_.MemberUnlessEmpty("description", operation.text);
    out_.Name("tags").OpenList().String(operation.method->service()->name()).CloseList();
    if (!operation.parameters.empty()) {
      out_.Name("parameters").OpenList();
      for (const ParameterDescription& parameter : operation.parameters) WriteParameter(operation, parameter);
      out_.CloseList();
    }
    WriteRequestBody(operation);
    WriteResponses(operation);
    out_.Close();
  }

  void WriteParameter(const OperationDescription& operation, const ParameterDescription& parameter) {
    out_.Open().Member("name", parameter.name).Member("in", parameter.place);
    if (parameter.is_required) out_.Name("required").Bool(true);
    out_.MemberUnlessEmpty("description", parameter.text).Name("schema");
    if (parameter.field == nullptr) {
      out_.Open().Member("type", "string").Close();
    } else {
      // Only JSON has a null.
      JsonStyle style = operation.route->method->style;
      style.null_for_unset = false;
      schemas_.WriteField(*parameter.field, style, Use::kRequest, "", &out_);
    }
    out_.Close();
  }

  // The schema of the HTTP body that is the message, or one field of it.
  void WriteBodySchema(const OperationDescription& operation, const Descriptor& message, const FieldPlan* field,
                       Use use) {
    const JsonStyle& style = operation.route->method->style;
    if (field == nullptr) {
      schemas_.WriteMessage(message, style, use, &out_);
      return;
    }
    const FieldDescriptor& descriptor = *message.FindFieldByName(field->name);
    const bool is_message = descriptor.message_type() != nullptr && !descriptor.is_repeated();
    if (is_message) {
      schemas_.WriteMessage(*descriptor.message_type(), style, use, &out_);
    } else {
      schemas_.WriteField(descriptor, style, use, "", &out_);
    }
  }

  void WriteOctets(std::string_view media_type) {
    out_.Name(media_type).Open().Name("schema").Open();
    out_.Member("type", "string").Member("format", "binary").Close().Close();
  }

  void WriteRequestBody(const OperationDescription& operation) {
    const Route& route = *operation.route;
    if (!route.body_is_whole && route.body_field == nullptr) return;
    out_.Name("requestBody").Open().Name("required").Bool(true).Name("content").Open();
    if (route.TakesHttpBody()) {
      WriteOctets("*/*");
    } else {
      out_.Name("application/json").Open().Name("schema");
      WriteBodySchema(operation, *operation.method->input_type(), route.body_field, Use::kRequest);
      out_.Close();
    }
    out_.Close().Close();
  }

  void WriteResponses(const OperationDescription& operation) {
    const Route& route = *operation.route;
    out_.Name("responses").Open();
    if (route.method->client_streaming) {
      out_.Name("501").Open().Member("$ref", "#/components/responses/Problem").Close();
    } else {
      WriteSuccess(operation);
      if (!route.etag_field.empty() && route.http_method == "GET") {
        out_.Name("304").Open().Member("description", "The client has it already.").Close();
      }
    }
    for (const char* range : {"4XX", "5XX"}) {
      out_.Name(range).Open().Member("$ref", "#/components/responses/Problem").Close();
    }
    out_.Close();
  }

  void WriteSuccess(const OperationDescription& operation) {
    const Route& route = *operation.route;
    const std::string text = CommentOf(*operation.method->output_type());
    out_.Name(std::to_string(route.method->success_status)).Open();
    out_.Member("description", text.empty() ? "It was done." : text);
    if (route.location || !route.etag_field.empty()) {
      out_.Name("headers").Open();
      if (route.location) WriteHeader("Location", "Where it is from now on.");
      if (!route.etag_field.empty()) WriteHeader("ETag", "Its entity tag.");
      out_.Close();
    }
    if (route.method->success_status != 204) {
      out_.Name("content").Open();
      WriteAnswerContent(operation);
      out_.Close();
    }
    out_.Close();
  }

  void WriteHeader(std::string_view name, std::string_view text) {
    out_.Name(name).Open().Member("description", text);
    out_.Name("schema").Open().Member("type", "string").Close().Close();
  }

  void WriteAnswerContent(const OperationDescription& operation) {
    const Route& route = *operation.route;
    const auto write_message = [&] {
      WriteBodySchema(operation, *operation.method->output_type(), route.response_field, Use::kAnswer);
    };
    if (route.AnswersHttpBody()) return WriteOctets("*/*");
    if (!route.method->server_streaming) {
      out_.Name("application/json").Open().Name("schema");
      write_message();
      out_.Close();
      return;
    }
    out_.Name("application/json").Open().Name("schema").Open().Member("type", "array").Name("items");
    write_message();
    out_.Close().Close();
    out_.Name("application/x-ndjson").Open().Name("schema").Open().Member("type", "object");
    out_.Name("properties").Open().Name("result");
    write_message();
    out_.Name("error").Open().Member("$ref", "#/components/schemas/Problem").Close().Close().Close().Close();
    out_.Name("text/event-stream").Open().Name("schema").Open().Member("type", "string").Close().Close();
  }

  void WriteComponents() {
    out_.Name("components").Open().Name("securitySchemes").Open().Name("bearer").Open();
    out_.Member("type", "http").Member("scheme", "bearer").Member("bearerFormat", "JWT").Close().Close();
    out_.Name("responses").Open().Name("Problem").Open().Member("description", "What went wrong (RFC 9457).");
    out_.Name("content").Open().Name("application/problem+json").Open();
    out_.Name("schema").Open().Member("$ref", "#/components/schemas/Problem").Close().Close().Close().Close().Close();
    out_.Name("schemas").Open();
    WriteProblemSchema();
    schemas_.WriteReferred(&out_);
    out_.Close().Close();
  }

  void WriteProblemSchema() {
    const auto member = [this](std::string_view name, std::string_view type, std::string_view text) {
      out_.Name(name).Open().Member("type", type).Member("description", text).Close();
    };
    out_.Name("Problem").Open().Member("type", "object").Name("properties").Open();
    member("type", "string", "Always `about:blank`.");
    member("title", "string", "The status in words.");
    member("status", "integer", "The HTTP status.");
    member("detail", "string", "What went wrong, for people.");
    member("error_code", "string", "What went wrong, for programs.");
    member("request_id", "string", "What the logs know the request by.");
    out_.Name("errors").Open().Member("type", "array").Member("description", "The fields at fault.");
    out_.Name("items").Open().Member("type", "object").Name("properties").Open();
    member("field", "string", "Where it is in the request.");
    member("message", "string", "What is wrong with it.");
    out_.Close().Name("required").OpenList().String("field").String("message").CloseList().Close().Close().Close();
    out_.Name("required").OpenList();
    for (const char* name : {"type", "title", "status", "detail", "error_code", "request_id"}) out_.String(name);
    out_.CloseList().Close();
  }

  JsonBuilder out_;
  OpenApiSchemas schemas_;
};

}  // namespace

std::string WriteOpenApi(const std::vector<OperationDescription>& operations) {
  return OpenApiWriter().Write(operations);
}

}  // namespace gateway
