#include "gateway/json_writer.h"

#include "gateway/json_message_writer.h"
#include "gateway/json_scalar_writer.h"

namespace gateway {

using google::protobuf::FieldDescriptor;

absl::Status WriteJsonMessage(const MessagePlan& message, std::string_view bytes, const JsonStyle& style,
                              std::string* out) {
  return JsonMessageWriter(style, out).Message(message, bytes, 0);
}

absl::Status WriteJsonField(const MessagePlan& message, const FieldPlan& field, std::string_view bytes,
                            const JsonStyle& style, std::string* out) {
  return JsonMessageWriter(style, out).Field(message, field, bytes);
}

absl::Status AppendFieldText(const std::vector<const FieldPlan*>& path, std::string_view bytes, std::string* out) {
  std::string_view message = bytes;
  std::vector<std::string> merged(path.size());  // each level's bytes outlive the search through it
  size_t level = 0;
  wire::Field found;
  for (const FieldPlan* field : path) {
    const bool is_last = field == path.back();
    std::string& parts = merged[level++];
    bool is_set = false;
    wire::Reader reader(message);
    wire::Field part;
    while (!reader.done()) {
      if (!reader.Next(&part)) return MalformedAnswer();
      if (part.number != field->number || part.type != field->wire_type) continue;
      is_set = true;
      found = part;
      if (!is_last) parts.append(part.bytes);
    }
    if (!is_set) return absl::OkStatus();
    message = parts;
  }
  const FieldPlan& last = *path.back();
  if (last.type == FieldDescriptor::TYPE_STRING) {
    out->append(found.bytes);
    return absl::OkStatus();
  }
  std::string text;
  AppendScalarJson(last, found, &text);
  const bool is_quoted = text.size() >= 2 && text.front() == '"';
  out->append(is_quoted ? text.substr(1, text.size() - 2) : text);
  return absl::OkStatus();
}

}  // namespace gateway
