#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gateway/message_plan.h"

namespace gateway {

// How messages look as JSON: `gateway.v1.JsonFormat`.
struct JsonStyle {
  bool proto_field_names = false;
  bool emit_defaults = false;
  // `null` for unset optional and message fields. Members of a oneof are left out: which one is set is what they say.
  bool null_for_unset = false;
};

// Writes a message as JSON straight from its wire form, fields in order of declaration whatever their order on the
// wire. What the wire form repeats is merged as protobuf does: the last scalar wins, messages merge, lists grow. Text
// that is no valid UTF-8 gets U+FFFD. Fields that the plan does not know are left out. Pure.
//
// Fails with INTERNAL where the bytes are no valid message or a Timestamp or Duration is out of range, and with
// UNIMPLEMENTED on a google.protobuf.Any of a type that the descriptor set does not hold. What was appended to `out` by
// then is unusable.
absl::Status WriteJsonMessage(const MessagePlan& message, std::string_view bytes, const JsonStyle& style,
                              std::string* out);

// The same for the value of one field of that message: `response_body`. A list or map that is empty gives `[]` or `{}`,
// a message that is not set gives null.
absl::Status WriteJsonField(const MessagePlan& message, const FieldPlan& field, std::string_view bytes,
                            const JsonStyle& style, std::string* out);

// The text form of the scalar field that `path` leads to, for a URL: the JSON form without quotes. Empty where it is
// not set.
absl::Status AppendFieldText(const std::vector<const FieldPlan*>& path, std::string_view bytes, std::string* out);

}  // namespace gateway
