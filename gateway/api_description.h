#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

#include "gateway/api.h"

namespace gateway {

// What the documents for people and tools say of one parameter.
struct ParameterDescription {
  std::string name;
  std::string place;  // `path`, `query` or `header`
  std::string text;
  bool is_required = false;
  const google::protobuf::FieldDescriptor* field = nullptr;  // null for headers, which are text
};

// The same of one HTTP operation.
struct OperationDescription {
  const Route* route = nullptr;
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string id;           // `Service_Method`, with a number behind it for further bindings
  std::string http_method;  // lower case
  std::string path;         // with a `{name}` for each variable
  std::string summary;
  std::string text;
  std::vector<ParameterDescription> parameters;
};

// All operations that OpenAPI can name: those of custom methods are left out, and of two with one method and one shape
// of path only the first is kept. `descriptors` holds the method of each route. The comments of the protos are the
// words, where the descriptor set was made with --include_source_info.
std::vector<OperationDescription> DescribeApi(
    const std::vector<Route>& routes, const std::vector<const google::protobuf::MethodDescriptor*>& descriptors);

// A comment with its paragraphs kept, and its line breaks not.
std::string Reflow(std::string_view comment);

// The comment before a declaration; empty where there is none.
template <typename Descriptor>
std::string CommentOf(const Descriptor& descriptor) {
  google::protobuf::SourceLocation location;
  return descriptor.GetSourceLocation(&location) ? Reflow(location.leading_comments) : "";
}

// The first sentence of a text.
std::string FirstSentence(const std::string& text);

}  // namespace gateway
