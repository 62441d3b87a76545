#pragma once

#include <string>

#include "gateway/message_plan.h"
#include "gateway/wire.h"

namespace gateway {

// Appends the JSON form of one value of a scalar or enum field: 64-bit integers, bytes, NaN and the infinities as
// strings, enums by name. Text that is no valid UTF-8 gets U+FFFD.
void AppendScalarJson(const FieldPlan& field, const wire::Field& value, std::string* out);

}  // namespace gateway
