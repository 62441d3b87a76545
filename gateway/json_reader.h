#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <vector>

#include "gateway/message_plan.h"

namespace gateway {

// A field of a request that cannot be bound. `field` is the path as the client spelled it; empty for the whole body.
struct BindingError {
  std::string field;
  std::string message;
};

struct JsonReadOptions {
  // Passes over names that the message does not have, instead of refusing them.
  bool ignore_unknown = false;
  // Where the paths of the fields that were sent go, in the proto's spelling, as a FieldMask takes them (AIP-161):
  // nested ones too; lists, maps and messages with a JSON form of their own as a whole; fields set to null as well. May
  // be null.
  std::vector<std::string>* sent = nullptr;
};

// Reads JSON into the protobuf wire format by the proto3 JSON mapping, strictly: no value of another type, no number
// out of range, no two members of one oneof, no unknown name. Appends to `out`, whose content is unusable after an
// error. Pure.
std::optional<BindingError> ReadJsonMessage(const MessagePlan& message, simdjson::dom::element value,
                                            const JsonReadOptions& options, std::string* out);

// The same for one field with its tag: `value` is what would stand behind the field's name. Null leaves it unset.
std::optional<BindingError> ReadJsonField(const FieldPlan& field, simdjson::dom::element value,
                                          const JsonReadOptions& options, std::string* out);

}  // namespace gateway
