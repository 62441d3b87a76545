#pragma once

#include <simdjson.h>

#include <string>

#include "gateway/scalar_text.h"

namespace gateway {

// Appends the wire form of one value of a scalar or enum field, without its tag, read from its JSON form: numbers as
// numbers or strings, bytes as base64, enums by name or number. The words of the problem stand behind the field's name.
ValueProblem AppendScalarFromJson(const FieldPlan& field, simdjson::dom::element value, std::string* out);

}  // namespace gateway
