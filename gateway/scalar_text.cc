#include "gateway/scalar_text.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/json/json_text.h"
#include "gateway/text.h"
#include "gateway/time_text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;

template <typename T>
ValueProblem ParseInteger(std::string_view text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  const bool is_negative_unsigned = std::is_unsigned_v<T> && text.size() > 1 && text.front() == '-';
  if (error == std::errc::result_out_of_range || is_negative_unsigned) {
    return absl::StrCat("must lie between ", std::numeric_limits<T>::min(), " and ", std::numeric_limits<T>::max());
  }
  if (error != std::errc() || end != text.data() + text.size()) return "must be a whole number";
  return std::nullopt;
}

ValueProblem ParseDouble(std::string_view text, double* value) {
  if (text == "NaN") {
    *value = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "Infinity") {
    *value = std::numeric_limits<double>::infinity();
  } else if (text == "-Infinity") {
    *value = -std::numeric_limits<double>::infinity();
  } else {
    // What from_chars() takes beyond JSON's numbers: hexadecimal, `inf`, `nan`, a point at the end.
    const bool is_decimal = text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
    if (text.empty() || !is_decimal || text.back() == '.') return "must be a number";
    const auto [end, error] = absl::from_chars(text.data(), text.data() + text.size(), *value);
    if (error == std::errc::result_out_of_range && std::abs(*value) > 1) return "is out of range";
    if ((error != std::errc() && error != std::errc::result_out_of_range) || end != text.data() + text.size()) {
      return "must be a number";
    }
  }
  return std::nullopt;
}

template <typename T>
ValueProblem AppendVarint(std::string_view text, std::string* out) {
  T value = 0;
  if (ValueProblem problem = ParseInteger(text, &value)) return problem;
  wire::AppendVarint(static_cast<uint64_t>(value), out);
  return std::nullopt;
}

template <typename T>
ValueProblem AppendZigZag(std::string_view text, std::string* out) {
  T value = 0;
  if (ValueProblem problem = ParseInteger(text, &value)) return problem;
  wire::AppendVarint(wire::ZigZag(value), out);
  return std::nullopt;
}

template <typename T>
ValueProblem AppendFixed(std::string_view text, std::string* out) {
  T value = 0;
  if (ValueProblem problem = ParseInteger(text, &value)) return problem;
  wire::AppendFixed(value, out);
  return std::nullopt;
}

ValueProblem AppendDouble(std::string_view text, std::string* out) {
  double value = 0;
  if (ValueProblem problem = ParseDouble(text, &value)) return problem;
  wire::AppendFixed(value, out);
  return std::nullopt;
}

ValueProblem AppendFloat(std::string_view text, std::string* out) {
  double value = 0;
  if (ValueProblem problem = ParseDouble(text, &value)) return problem;
  const auto narrow = static_cast<float>(value);
  if (std::isinf(narrow) && !std::isinf(value)) return "is out of range";
  wire::AppendFixed(narrow, out);
  return std::nullopt;
}

ValueProblem AppendBool(std::string_view text, std::string* out) {
  if (text != "true" && text != "false") return "must be true or false";
  out->push_back(text == "true" ? '\1' : '\0');
  return std::nullopt;
}

ValueProblem AppendEnum(const EnumPlan& plan, std::string_view text, std::string* out) {
  int32_t number = 0;
  const auto found = plan.numbers.find(View(text));
  if (found != plan.numbers.end()) {
    number = found->second;
  } else if (ParseInteger(text, &number)) {
    return "is no value of this enum";
  }
  wire::AppendVarint(static_cast<uint64_t>(int64_t{number}), out);
  return std::nullopt;
}

// Zeros too: the path's time takes the place of the body's, with which it is merged.
void AppendTime(SecondsAndNanos time, std::string* out) {
  wire::Nested nested(out);
  wire::AppendTag(1, wire::Type::kVarint, out);
  wire::AppendVarint(static_cast<uint64_t>(time.seconds), out);
  wire::AppendTag(2, wire::Type::kVarint, out);
  wire::AppendVarint(static_cast<uint64_t>(int64_t{time.nanos}), out);
  nested.Close();
}

// `title,dueDate` names the fields `title` and `due_date`.
ValueProblem AppendFieldMask(std::string_view text, std::string* out) {
  wire::Nested nested(out);
  if (!text.empty()) {
    for (absl::string_view path : absl::StrSplit(View(text), ',')) {
      if (path.empty()) return "must hold field paths between commas";
      std::string snake;
      for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (!absl::ascii_isalnum(byte) && c != '_' && c != '.') return "must hold field paths between commas";
        if (absl::ascii_isupper(byte)) snake.push_back('_');
        snake.push_back(absl::ascii_tolower(byte));
      }
      wire::AppendTag(1, wire::Type::kBytes, out);
      wire::AppendBytes(snake, out);
    }
  }
  nested.Close();
  return std::nullopt;
}

ValueProblem AppendMessage(const MessagePlan& plan, std::string_view text, std::string* out) {
  switch (plan.well_known) {
    case WellKnown::kTimestamp: {
      const std::optional<SecondsAndNanos> time = ParseTimestamp(text);
      if (!time) return "must be an RFC 3339 time such as 2030-01-31T12:00:00Z";
      AppendTime(*time, out);
      return std::nullopt;
    }
    case WellKnown::kDuration: {
      const std::optional<SecondsAndNanos> duration = ParseDuration(text);
      if (!duration) return "must be seconds such as 1.5s";
      AppendTime(*duration, out);
      return std::nullopt;
    }
    case WellKnown::kFieldMask:
      return AppendFieldMask(text, out);
    case WellKnown::kWrapper: {
      const FieldPlan& value = plan.fields.front();
      wire::Nested nested(out);
      wire::AppendTag(value.number, value.wire_type, out);
      if (ValueProblem problem = AppendValueFromText(value, text, out)) return problem;
      nested.Close();
      return std::nullopt;
    }
    default:
      return "cannot be given as text";
  }
}

int Base64Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

}  // namespace

std::optional<std::string> DecodeBase64(std::string_view text) {
  const size_t padded = text.size();
  while (!text.empty() && text.back() == '=' && padded - text.size() < 2) text.remove_suffix(1);
  if (text.size() % 4 == 1 || (padded != text.size() && padded % 4 != 0)) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  uint32_t pending = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = Base64Value(c);
    if (value < 0) return std::nullopt;
    pending = pending << 6 | static_cast<uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<char>(pending >> bits & 0xff));
    }
  }
  return bytes;
}

bool HasTextForm(const FieldPlan& field) {
  if (field.is_map) return false;
  if (field.type != FieldDescriptor::TYPE_MESSAGE) return true;
  const WellKnown kind = field.message->well_known;
  return kind == WellKnown::kTimestamp || kind == WellKnown::kDuration || kind == WellKnown::kFieldMask ||
         kind == WellKnown::kWrapper;
}

ValueProblem AppendValueFromText(const FieldPlan& field, std::string_view text, std::string* out) {
  switch (field.type) {
    case FieldDescriptor::TYPE_DOUBLE:
      return AppendDouble(text, out);
    case FieldDescriptor::TYPE_FLOAT:
      return AppendFloat(text, out);
    case FieldDescriptor::TYPE_INT64:
      return AppendVarint<int64_t>(text, out);
    case FieldDescriptor::TYPE_UINT64:
      return AppendVarint<uint64_t>(text, out);
    case FieldDescriptor::TYPE_INT32:
      return AppendVarint<int32_t>(text, out);
    case FieldDescriptor::TYPE_UINT32:
      return AppendVarint<uint32_t>(text, out);
    case FieldDescriptor::TYPE_SINT32:
      return AppendZigZag<int32_t>(text, out);
    case FieldDescriptor::TYPE_SINT64:
      return AppendZigZag<int64_t>(text, out);
    case FieldDescriptor::TYPE_FIXED64:
      return AppendFixed<uint64_t>(text, out);
    case FieldDescriptor::TYPE_FIXED32:
      return AppendFixed<uint32_t>(text, out);
    case FieldDescriptor::TYPE_SFIXED32:
      return AppendFixed<int32_t>(text, out);
    case FieldDescriptor::TYPE_SFIXED64:
      return AppendFixed<int64_t>(text, out);
    case FieldDescriptor::TYPE_BOOL:
      return AppendBool(text, out);
    case FieldDescriptor::TYPE_ENUM:
      return AppendEnum(*field.enumeration, text, out);
    case FieldDescriptor::TYPE_STRING:
      if (!json::IsValidUtf8(text)) return "must be valid UTF-8";
      wire::AppendBytes(text, out);
      return std::nullopt;
    case FieldDescriptor::TYPE_BYTES: {
      const std::optional<std::string> bytes = DecodeBase64(text);
      if (!bytes) return "must be base64";
      wire::AppendBytes(*bytes, out);
      return std::nullopt;
    }
    default:
      return AppendMessage(*field.message, text, out);
  }
}

}  // namespace gateway
