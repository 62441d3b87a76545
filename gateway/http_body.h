#pragma once

#include <string>
#include <string_view>

#include "gateway/message_plan.h"

namespace gateway {

// google.api.HttpBody: a body that is no JSON, passed through as it is.
inline constexpr std::string_view kHttpBodyName = "google.api.HttpBody";

inline bool IsHttpBody(const MessagePlan& message) { return message.full_name == kHttpBodyName; }

// Whether the field holds one HttpBody.
inline bool IsHttpBody(const FieldPlan& field) {
  return field.message != nullptr && !field.is_repeated && !field.is_map && IsHttpBody(*field.message);
}

struct HttpBody {
  std::string content_type;
  std::string data;
};

// Appends the message's content in its wire form.
void AppendHttpBody(std::string_view content_type, std::string_view data, std::string* out);

// Reads the wire form; false where it is no valid message. An upstream that names no type sends octets.
bool ReadHttpBody(std::string_view bytes, HttpBody* body);

}  // namespace gateway
