#include "gateway/json_scalar_reader.h"

#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "gateway/text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;
using simdjson::dom::element;
using simdjson::dom::element_type;

template <typename T>
ValueProblem AppendNumber(const FieldPlan& field, T number, std::string* out) {
  const absl::AlphaNum text(number);
  return AppendValueFromText(field, {text.data(), text.size()}, out);
}

ValueProblem AppendEnum(const FieldPlan& field, element value, std::string* out) {
  if (field.enumeration->is_null_value && value.is_null()) {
    out->push_back('\0');
    return std::nullopt;
  }
  if (value.type() == element_type::STRING) {
    const std::string_view name = value;
    if (!field.enumeration->numbers.contains(View(name))) return "is no value of this enum";
    return AppendValueFromText(field, name, out);
  }
  int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS || number < std::numeric_limits<int32_t>::min() ||
      number > std::numeric_limits<int32_t>::max()) {
    return "must be a name or number of this enum";
  }
  wire::AppendVarint(static_cast<uint64_t>(number), out);
  return std::nullopt;
}

ValueProblem AppendFloating(const FieldPlan& field, element value, std::string* out) {
  if (value.type() == element_type::STRING) return AppendValueFromText(field, std::string_view(value), out);
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS) return "must be a number";
  if (field.type == FieldDescriptor::TYPE_DOUBLE) {
    wire::AppendFixed(number, out);
    return std::nullopt;
  }
  const auto narrow = static_cast<float>(number);
  if (std::isinf(narrow)) return "is out of range";
  wire::AppendFixed(narrow, out);
  return std::nullopt;
}

ValueProblem AppendInteger(const FieldPlan& field, element value, std::string* out) {
  switch (value.type()) {
    case element_type::STRING:
      return AppendValueFromText(field, std::string_view(value), out);
    case element_type::INT64:
      return AppendNumber(field, int64_t(value), out);
    case element_type::UINT64:
      return AppendNumber(field, uint64_t(value), out);
    case element_type::DOUBLE: {
      // 1e3 and 1.0 are whole numbers too, as far as doubles hold them exactly.
      const double number = value;
      constexpr double kExact = 9007199254740992;  // 2^53
      if (number != std::floor(number)) return "must be a whole number";
      if (std::abs(number) > kExact) return "is out of range";
      return AppendNumber(field, static_cast<int64_t>(number), out);
    }
    default:
      return "must be a whole number";
  }
}

}  // namespace

ValueProblem AppendScalarFromJson(const FieldPlan& field, element value, std::string* out) {
  switch (field.type) {
    case FieldDescriptor::TYPE_BOOL:
      if (value.type() != element_type::BOOL) return "must be true or false";
      out->push_back(bool(value) ? '\1' : '\0');
      return std::nullopt;
    case FieldDescriptor::TYPE_STRING:
      if (value.type() != element_type::STRING) return "must be a string";
      wire::AppendBytes(std::string_view(value), out);
      return std::nullopt;
    case FieldDescriptor::TYPE_BYTES:
      if (value.type() != element_type::STRING) return "must be a base64 string";
      return AppendValueFromText(field, std::string_view(value), out);
    case FieldDescriptor::TYPE_ENUM:
      return AppendEnum(field, value, out);
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FLOAT:
      return AppendFloating(field, value, out);
    default:
      return AppendInteger(field, value, out);
  }
}

}  // namespace gateway
