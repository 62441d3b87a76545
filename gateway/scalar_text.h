#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/message_plan.h"

namespace gateway {

// What is wrong with a value: the words behind "field X: ". Nothing where it is fine.
using ValueProblem = std::optional<std::string>;

// Appends the wire form of one value of `field`, without its tag, read from text: a query parameter, a path variable, a
// map key, or a JSON string. Numbers are decimal and in range, enums go by name or number, bytes are base64 or
// base64url, with or without padding. Wrappers, Timestamp, Duration and FieldMask are read in their JSON form without
// quotes; other messages are refused.
ValueProblem AppendValueFromText(const FieldPlan& field, std::string_view text, std::string* out);

// Whether AppendValueFromText() can read values of this type.
bool HasTextForm(const FieldPlan& field);

// Base64 (RFC 4648 sections 4 and 5, either alphabet, padding optional). Nothing where it is malformed.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace gateway
