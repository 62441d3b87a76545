#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/json_writer.h"
#include "gateway/message_plan.h"
#include "gateway/path_template.h"
#include "gateway/route_table.h"

namespace gateway {

using FieldPath = std::vector<const FieldPlan*>;

// One gRPC method, with what its options say of its HTTP face.
struct Method {
  std::string rpc_path;   // `/pkg.Service/Method`, as gRPC calls it
  std::string full_name;  // `pkg.Service.Method`
  std::string service;
  const MessagePlan* request = nullptr;
  const MessagePlan* response = nullptr;
  bool client_streaming = false;
  bool server_streaming = false;
  JsonStyle style;
  bool ignore_unknown = false;
  int success_status = 200;
  uint64_t max_body_bytes = 0;    // 0 for what every method may have
  bool is_idempotent = false;     // the proto says that it may be called again
  FieldPath if_match_field;       // of the request; each of these is empty for none
  FieldPath key_field;            // gets Idempotency-Key
  FieldPath last_event_id_field;  // gets Last-Event-ID
};

// One HTTP route: a method and path, and where the parts of the request and the answer go.
struct Route {
  const Method* method = nullptr;
  std::string http_method;
  std::optional<PathTemplate> path;
  std::vector<FieldPath> variables;           // the fields that the path's variables bind
  bool body_is_whole = false;                 // body: "*"
  const FieldPlan* body_field = nullptr;      // body: "field"
  const FieldPlan* response_field = nullptr;  // response_body: "field"
  const FieldPlan* mask_field = nullptr;      // gets the names sent, in a PATCH that gives no mask
  std::optional<PathTemplate> location;       // of the `Location` header
  std::vector<FieldPath> location_variables;  // from the method's response message
  FieldPath etag_field;                       // the same; empty for none
  FieldPath event_id_field;                   // the same, of each message of a stream
  bool is_hidden = false;                     // another method got its requests

  // Whether the HTTP body is passed through as google.api.HttpBody, either way.
  bool TakesHttpBody() const;
  bool AnswersHttpBody() const;
};

// What holds for services that do not say it themselves.
struct ApiOptions {
  JsonStyle style;
  bool ignore_unknown = false;
  // Methods without google.api.http get the route `POST /pkg.Service/Method` with the message as body.
  bool exposes_unannotated = false;
  // Of two methods with one route the later one gets it, as grpc-gateway has it, instead of neither.
  bool later_route_wins = false;
};

// What a descriptor set says is to be served. Immutable once made; thread-safe.
class Api {
 public:
  // `descriptor_set` is a serialized google.protobuf.FileDescriptorSet with all imports. Only the methods of `services`
  // (full names) that carry google.api.http are served, unless `options` say otherwise. Fails with INVALID_ARGUMENT
  // that has a line for each fault, naming the file and method: templates, fields, conflicts, services that the set
  // does not hold.
  static absl::StatusOr<std::unique_ptr<Api>> Create(std::string_view descriptor_set,
                                                     const std::set<std::string>& services,
                                                     const ApiOptions& options = {});

  const RouteTable& table() const { return *table_; }
  // RouteTable's numbers lead into this.
  const std::vector<Route>& routes() const { return routes_; }
  // The OpenAPI document, and the page for people.
  const std::string& openapi() const { return openapi_; }
  const std::string& docs_page() const { return docs_page_; }
  // One line a route for people: HTTP method, path, gRPC method.
  std::string Describe() const;

 private:
  friend class ApiBuilder;
  Api() = default;

  PlanSet plans_;
  std::vector<std::unique_ptr<Method>> methods_;
  std::vector<Route> routes_;
  std::optional<RouteTable> table_;
  std::string openapi_;
  std::string docs_page_;
};

}  // namespace gateway
