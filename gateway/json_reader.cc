#include "gateway/json_reader.h"

#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "gateway/scalar_text.h"
#include "gateway/text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;
using simdjson::dom::element;
using simdjson::dom::element_type;
using Problem = std::optional<BindingError>;

Problem Wrong(std::string message) { return BindingError{"", std::move(message)}; }

// Puts `name` before the path of an error from further inside.
Problem Within(std::string_view name, Problem error) {
  if (!error->field.empty() && error->field.front() != '[') error->field.insert(0, ".");
  error->field.insert(0, name);
  return error;
}

Problem WithinElement(size_t index, Problem error) { return Within(absl::StrCat("[", index, "]"), std::move(error)); }

class JsonReader {
 public:
  JsonReader(const JsonReadOptions& options, std::string* out) : options_(options), sent_(options.sent), out_(out) {}

  // The content of a message, without tag and length.
  Problem Content(const MessagePlan& message, element value) {
    switch (message.well_known) {
      case WellKnown::kNone:
      case WellKnown::kEmpty:
        return Fields(message, value);
      case WellKnown::kStruct:
        return StructContent(message, value);
      case WellKnown::kValue:
        return ValueContent(message, value);
      case WellKnown::kListValue:
        return ListContent(message, value);
      case WellKnown::kAny:
        return Wrong("google.protobuf.Any cannot be sent as JSON here");
      default:
        return Wrong("has a JSON form that is no object");
    }
  }

  Problem Field(const FieldPlan& field, element value) {
    if (field.is_map) return Map(field, value);
    if (field.is_repeated) return List(field, value);
    if (value.is_null() && !TakesNull(field)) return std::nullopt;
    wire::AppendTag(field.number, field.wire_type, out_);
    return Value(field, value);
  }

 private:
  // Whether null is a value of the field and not the lack of one.
  static bool TakesNull(const FieldPlan& field) {
    if (field.type == FieldDescriptor::TYPE_ENUM) return field.enumeration->is_null_value;
    return field.type == FieldDescriptor::TYPE_MESSAGE && field.message->well_known == WellKnown::kValue;
  }

  Problem Fields(const MessagePlan& message, element value) {
    if (value.type() != element_type::OBJECT) return Wrong("must be an object");
    std::vector<const FieldPlan*> oneofs(static_cast<size_t>(message.oneof_count), nullptr);
    std::vector<const FieldPlan*> seen;
    for (const auto& [key, child] : simdjson::dom::object(value)) {
      const FieldPlan* field = message.FindByName(key);
      if (field == nullptr) {
        if (options_.ignore_unknown) continue;
        return BindingError{std::string(key), "is not known"};
      }
      // Its two spellings are two names for the parser.
      if (field->name != field->json_name) {
        for (const FieldPlan* other : seen) {
          if (other == field) return BindingError{std::string(key), "is given twice"};
        }
        seen.push_back(field);
      }
      if (field->oneof >= 0 && !(child.is_null() && !TakesNull(*field))) {
        const FieldPlan*& member = oneofs[static_cast<size_t>(field->oneof)];
        if (member != nullptr) {
          return BindingError{std::string(key), absl::StrCat("cannot be given together with ", member->name)};
        }
        member = field;
      }
      if (Problem error = NoteAndRead(*field, child)) return Within(key, std::move(error));
    }
    return std::nullopt;
  }

  // Reads a field, noting its path where paths are wanted.
  Problem NoteAndRead(const FieldPlan& field, element value) {
    if (sent_ == nullptr) return Field(field, value);
    const size_t length = path_.size();
    absl::StrAppend(&path_, path_.empty() ? "" : ".", field.name);
    const bool goes_inside = field.type == FieldDescriptor::TYPE_MESSAGE && !field.is_repeated && !field.is_map &&
                             field.message->well_known == WellKnown::kNone && value.type() == element_type::OBJECT &&
                             simdjson::dom::object(value).size() > 0;
    Problem error;
    if (goes_inside) {
      error = Field(field, value);
    } else {
      sent_->push_back(path_);
      std::vector<std::string>* const sent = std::exchange(sent_, nullptr);
      error = Field(field, value);
      sent_ = sent;
    }
    path_.resize(length);
    return error;
  }

  Problem List(const FieldPlan& field, element value) {
    if (value.is_null()) return std::nullopt;
    if (value.type() != element_type::ARRAY) return Wrong("must be an array");
    const simdjson::dom::array array = value;
    if (array.begin() == array.end()) return std::nullopt;
    if (!field.is_packed) return Elements(field, array, /*with_tags=*/true);
    wire::AppendTag(field.number, wire::Type::kBytes, out_);
    wire::Nested nested(out_);
    if (Problem error = Elements(field, array, /*with_tags=*/false)) return error;
    nested.Close();
    return std::nullopt;
  }

  Problem Elements(const FieldPlan& field, simdjson::dom::array array, bool with_tags) {
    size_t index = 0;
    for (const element child : array) {
      if (with_tags) wire::AppendTag(field.number, field.wire_type, out_);
      if (child.is_null() && !TakesNull(field)) return WithinElement(index, Wrong("must not be null"));
      if (Problem error = Value(field, child)) return WithinElement(index, std::move(error));
      ++index;
    }
    return std::nullopt;
  }

  Problem Map(const FieldPlan& field, element value) {
    if (value.is_null()) return std::nullopt;
    if (value.type() != element_type::OBJECT) return Wrong("must be an object");
    const FieldPlan& key_field = *field.message->FindByNumber(1);
    const FieldPlan& value_field = *field.message->FindByNumber(2);
    for (const auto& [key, child] : simdjson::dom::object(value)) {
      wire::AppendTag(field.number, wire::Type::kBytes, out_);
      wire::Nested entry(out_);
      wire::AppendTag(1, key_field.wire_type, out_);
      if (ValueProblem problem = AppendValueFromText(key_field, key, out_)) {
        return Within(key, Wrong(absl::StrCat("as a key ", *problem)));
      }
      if (child.is_null() && !TakesNull(value_field)) return Within(key, Wrong("must not be null"));
      wire::AppendTag(2, value_field.wire_type, out_);
      if (Problem error = Value(value_field, child)) return Within(key, std::move(error));
      entry.Close();
    }
    return std::nullopt;
  }

  // One value, without its tag.
  Problem Value(const FieldPlan& field, element value) {
    switch (field.type) {
      case FieldDescriptor::TYPE_MESSAGE:
        return Message(*field.message, value);
      case FieldDescriptor::TYPE_BOOL:
        if (value.type() != element_type::BOOL) return Wrong("must be true or false");
        out_->push_back(bool(value) ? '\1' : '\0');
        return std::nullopt;
      case FieldDescriptor::TYPE_STRING:
        if (value.type() != element_type::STRING) return Wrong("must be a string");
        wire::AppendBytes(std::string_view(value), out_);
        return std::nullopt;
      case FieldDescriptor::TYPE_BYTES:
        if (value.type() != element_type::STRING) return Wrong("must be a base64 string");
        return FromText(field, std::string_view(value));
      case FieldDescriptor::TYPE_ENUM:
        return Enum(field, value);
      case FieldDescriptor::TYPE_DOUBLE:
      case FieldDescriptor::TYPE_FLOAT:
        return Floating(field, value);
      default:
        return Integer(field, value);
    }
  }

  Problem FromText(const FieldPlan& field, std::string_view text) {
    if (ValueProblem problem = AppendValueFromText(field, text, out_)) return Wrong(*std::move(problem));
    return std::nullopt;
  }

  Problem Enum(const FieldPlan& field, element value) {
    if (field.enumeration->is_null_value && value.is_null()) {
      out_->push_back('\0');
      return std::nullopt;
    }
    if (value.type() == element_type::STRING) {
      const std::string_view name = value;
      if (!field.enumeration->numbers.contains(View(name))) return Wrong("is no value of this enum");
      return FromText(field, name);
    }
    int64_t number = 0;
    if (value.get(number) != simdjson::SUCCESS || number < std::numeric_limits<int32_t>::min() ||
        number > std::numeric_limits<int32_t>::max()) {
      return Wrong("must be a name or number of this enum");
    }
    wire::AppendVarint(static_cast<uint64_t>(number), out_);
    return std::nullopt;
  }

  Problem Floating(const FieldPlan& field, element value) {
    if (value.type() == element_type::STRING) return FromText(field, std::string_view(value));
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS) return Wrong("must be a number");
    if (field.type == FieldDescriptor::TYPE_DOUBLE) {
      wire::AppendFixed(number, out_);
      return std::nullopt;
    }
    const auto narrow = static_cast<float>(number);
    if (std::isinf(narrow)) return Wrong("is out of range");
    wire::AppendFixed(narrow, out_);
    return std::nullopt;
  }

  Problem Integer(const FieldPlan& field, element value) {
    switch (value.type()) {
      case element_type::STRING:
        return FromText(field, std::string_view(value));
      case element_type::INT64:
        return FromText(field, Digits(int64_t(value)));
      case element_type::UINT64:
        return FromText(field, Digits(uint64_t(value)));
      case element_type::DOUBLE: {
        // 1e3 and 1.0 are whole numbers too, as far as doubles hold them exactly.
        const double number = value;
        constexpr double kExact = 9007199254740992;  // 2^53
        if (number != std::floor(number)) return Wrong("must be a whole number");
        if (std::abs(number) > kExact) return Wrong("is out of range");
        return FromText(field, Digits(static_cast<int64_t>(number)));
      }
      default:
        return Wrong("must be a whole number");
    }
  }

  template <typename T>
  std::string_view Digits(T number) {
    absl::AlphaNum text(number);
    digits_.assign(text.data(), text.size());
    return digits_;
  }

  // A message as a value: length and content.
  Problem Message(const MessagePlan& message, element value) {
    switch (message.well_known) {
      case WellKnown::kTimestamp:
      case WellKnown::kDuration:
      case WellKnown::kFieldMask: {
        if (value.type() != element_type::STRING) return Wrong("must be a string");
        FieldPlan as_text;
        as_text.type = FieldDescriptor::TYPE_MESSAGE;
        as_text.message = &message;
        return FromText(as_text, std::string_view(value));
      }
      case WellKnown::kWrapper: {
        const FieldPlan& inner = message.fields.front();
        wire::Nested nested(out_);
        wire::AppendTag(inner.number, inner.wire_type, out_);
        if (Problem error = Value(inner, value)) return error;
        nested.Close();
        return std::nullopt;
      }
      default: {
        wire::Nested nested(out_);
        if (Problem error = Content(message, value)) return error;
        nested.Close();
        return std::nullopt;
      }
    }
  }

  Problem StructContent(const MessagePlan& message, element value) {
    if (value.type() != element_type::OBJECT) return Wrong("must be an object");
    return Map(message.fields.front(), value);
  }

  Problem ListContent(const MessagePlan& message, element value) {
    if (value.type() != element_type::ARRAY) return Wrong("must be an array");
    return Elements(message.fields.front(), value, /*with_tags=*/true);
  }

  Problem ValueContent(const MessagePlan& message, element value) {
    const FieldPlan& member = *message.FindByName(ValueMember(value.type()));
    wire::AppendTag(member.number, member.wire_type, out_);
    return Value(member, value);
  }

  static std::string_view ValueMember(element_type type) {
    switch (type) {
      case element_type::NULL_VALUE:
        return "null_value";
      case element_type::BOOL:
        return "bool_value";
      case element_type::STRING:
        return "string_value";
      case element_type::ARRAY:
        return "list_value";
      case element_type::OBJECT:
        return "struct_value";
      default:
        return "number_value";
    }
  }

  const JsonReadOptions& options_;
  std::vector<std::string>* sent_;
  std::string* out_;
  std::string path_;  // of the message being read; kept only where paths are wanted
  std::string digits_;
};

}  // namespace

std::optional<BindingError> ReadJsonMessage(const MessagePlan& message, element value, const JsonReadOptions& options,
                                            std::string* out) {
  return JsonReader(options, out).Content(message, value);
}

std::optional<BindingError> ReadJsonField(const FieldPlan& field, element value, const JsonReadOptions& options,
                                          std::string* out) {
  JsonReader reader(options, out);
  if (!field.is_repeated && !field.is_map && field.type == FieldDescriptor::TYPE_MESSAGE &&
      field.message->well_known == WellKnown::kNone && !value.is_null()) {
    // Read here rather than as a member, so that the paths sent are relative to the field.
    wire::AppendTag(field.number, wire::Type::kBytes, out);
    wire::Nested nested(out);
    if (Problem error = reader.Content(*field.message, value)) return error;
    nested.Close();
    return std::nullopt;
  }
  return reader.Field(field, value);
}

}  // namespace gateway
