#include "gateway/json_scalar_writer.h"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/json/json_text.h"
#include "gateway/text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;

template <typename Float>
void AppendFloating(Float value, const char* short_format, const char* exact_format, std::string* out) {
  if (std::isnan(value)) {
    out->append("\"NaN\"");
    return;
  }
  if (std::isinf(value)) {
    out->append(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    return;
  }
  char text[40];
  int size = std::snprintf(text, sizeof text, short_format, static_cast<double>(value));
  // The short form where it reads back as the same number, as protobuf's own writer has it.
  if (static_cast<Float>(std::strtod(text, nullptr)) != value) {
    size = std::snprintf(text, sizeof text, exact_format, static_cast<double>(value));
  }
  out->append(text, static_cast<size_t>(size));
}

void AppendEnum(const EnumPlan& plan, int32_t number, std::string* out) {
  if (plan.is_null_value) {
    out->append("null");
    return;
  }
  const auto name = plan.names.find(number);
  if (name == plan.names.end()) {
    absl::StrAppend(out, number);
  } else {
    out->append(name->second);
  }
}

template <typename T>
void AppendQuoted(T number, std::string* out) {
  absl::StrAppend(out, "\"", number, "\"");
}

void AppendBase64(std::string_view bytes, std::string* out) {
  std::string text;
  absl::Base64Escape(View(bytes), &text);
  absl::StrAppend(out, "\"", text, "\"");
}

}  // namespace

void AppendScalarJson(const FieldPlan& field, const wire::Field& value, std::string* out) {
  switch (field.type) {
    case FieldDescriptor::TYPE_DOUBLE:
      AppendFloating(std::bit_cast<double>(value.bits), "%.15g", "%.17g", out);
      break;
    case FieldDescriptor::TYPE_FLOAT:
      AppendFloating(std::bit_cast<float>(static_cast<uint32_t>(value.bits)), "%.6g", "%.9g", out);
      break;
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SFIXED64:
      AppendQuoted(static_cast<int64_t>(value.bits), out);
      break;
    case FieldDescriptor::TYPE_SINT64:
      AppendQuoted(wire::UnZigZag(value.bits), out);
      break;
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      AppendQuoted(value.bits, out);
      break;
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_SFIXED32:
      absl::StrAppend(out, static_cast<int32_t>(value.bits));
      break;
    case FieldDescriptor::TYPE_SINT32:
      absl::StrAppend(out, static_cast<int32_t>(wire::UnZigZag(value.bits & 0xffffffff)));
      break;
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
      absl::StrAppend(out, static_cast<uint32_t>(value.bits));
      break;
    case FieldDescriptor::TYPE_BOOL:
      out->append(value.bits != 0 ? "true" : "false");
      break;
    case FieldDescriptor::TYPE_ENUM:
      AppendEnum(*field.enumeration, static_cast<int32_t>(value.bits), out);
      break;
    case FieldDescriptor::TYPE_BYTES:
      AppendBase64(value.bytes, out);
      break;
    default:
      json::AppendString(value.bytes, out);
  }
}

}  // namespace gateway
