#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/json_builder.h"
#include "gateway/json_writer.h"

namespace gateway {

// JSON schemas (2020-12, as OpenAPI 3.1 has them) of protobuf types, as json_writer.h writes them and json_reader.h
// reads them. What an answer always holds is required in it, but not in a request: a message then has two schemas, the
// one for requests with `.Input` behind its name.
class OpenApiSchemas {
 public:
  enum class Use { kAnswer, kRequest };

  // Writes the schema of a value of this field's type, or of the whole field where it is repeated.
  void WriteField(const google::protobuf::FieldDescriptor& field, const JsonStyle& style, Use use,
                  std::string_view text, JsonBuilder* out);
  void WriteMessage(const google::protobuf::Descriptor& message, const JsonStyle& style, Use use, JsonBuilder* out);

  // Writes, as members of an open object, the schemas that were referred to, and those that they refer to.
  void WriteReferred(JsonBuilder* out);

 private:
  struct Reference {
    const google::protobuf::Descriptor* message;
    JsonStyle style;
    Use use;
  };

  std::string Refer(const google::protobuf::Descriptor& message, const JsonStyle& style, Use use);
  void WriteObject(const Reference& reference, JsonBuilder* out);
  void WriteValue(const google::protobuf::FieldDescriptor& field, const JsonStyle& style, Use use, bool nullable,
                  JsonBuilder* out);

  std::map<std::string, Reference> written_;
  std::vector<std::string> waiting_;
};

}  // namespace gateway
