#pragma once

#include <google/protobuf/descriptor.h>

#include "absl/status/status.h"
#include "gateway/api.h"

namespace gateway {

// Reads what a method says of its HTTP face beside google.api.http: the options of gateway/v1/annotations.proto, and
// those of its service. `method->request` and `method->response` must be set. Fails, saying which option is at fault.
absl::Status ReadMethodOptions(const google::protobuf::MethodDescriptor& descriptor, const ApiOptions& defaults,
                               Method* method);

// The same for what belongs to one route, whose `method` and `response_field` must be set.
absl::Status ReadRouteOptions(const google::protobuf::MethodDescriptor& descriptor, Route* route);

// The fields that a template's variables name: single values that have a text form.
absl::StatusOr<std::vector<FieldPath>> ResolveVariables(const PathTemplate& path, const MessagePlan& message);

}  // namespace gateway
