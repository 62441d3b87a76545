#include "gateway/json_reader.h"

#include "gateway/json_message_reader.h"

namespace gateway {

std::optional<BindingError> ReadJsonMessage(const MessagePlan& message, simdjson::dom::element value,
                                            const JsonReadOptions& options, std::string* out) {
  return JsonMessageReader(options, out).Content(message, value);
}

std::optional<BindingError> ReadJsonField(const FieldPlan& field, simdjson::dom::element value,
                                          const JsonReadOptions& options, std::string* out) {
  JsonMessageReader reader(options, out);
  if (!field.is_repeated && !field.is_map && field.type == FieldPlan::Type::TYPE_MESSAGE &&
      field.message->well_known == WellKnown::kNone && !value.is_null()) {
    // Read here rather than as a member, so that the paths sent are relative to the field.
    wire::AppendTag(field.number, wire::Type::kBytes, out);
    wire::Nested nested(out);
    if (std::optional<BindingError> error = reader.Content(*field.message, value)) return error;
    nested.Close();
    return std::nullopt;
  }
  return reader.Field(field, value);
}

}  // namespace gateway
