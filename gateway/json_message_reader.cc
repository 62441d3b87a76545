#include "gateway/json_message_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "gateway/json_scalar_reader.h"
#include "gateway/text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;
using simdjson::dom::element;
using simdjson::dom::element_type;
using Problem = JsonMessageReader::Problem;

Problem WithinElement(size_t index, Problem error) {
  return WithinField(absl::StrCat("[", index, "]"), std::move(error));
}

}  // namespace

std::optional<BindingError> WithinField(std::string_view name, std::optional<BindingError> error) {
  if (!error->field.empty() && error->field.front() != '[') error->field.insert(0, ".");
  error->field.insert(0, name);
  return error;
}

bool TakesNull(const FieldPlan& field) {
  if (field.type == FieldDescriptor::TYPE_ENUM) return field.enumeration->is_null_value;
  return field.type == FieldDescriptor::TYPE_MESSAGE && field.message->well_known == WellKnown::kValue;
}

Problem JsonMessageReader::Content(const MessagePlan& message, element value) {
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
      return AnyContent(message, value);
    default:
      return WrongValue("has a JSON form that is no object");
  }
}

Problem JsonMessageReader::Field(const FieldPlan& field, element value) {
  if (field.is_map) return Map(field, value);
  if (field.is_repeated) return List(field, value);
  if (value.is_null() && !TakesNull(field)) return std::nullopt;
  wire::AppendTag(field.number, field.wire_type, out_);
  return Value(field, value);
}

Problem JsonMessageReader::Fields(const MessagePlan& message, element value, std::string_view skipped) {
  if (value.type() != element_type::OBJECT) return WrongValue("must be an object");
  std::vector<const FieldPlan*> oneofs(static_cast<size_t>(message.oneof_count), nullptr);
  std::vector<const FieldPlan*> seen;
  for (const auto& [key, child] : simdjson::dom::object(value)) {
    if (!skipped.empty() && key == skipped) continue;
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
    if (Problem error = NoteAndRead(*field, child)) return WithinField(key, std::move(error));
  }
  return std::nullopt;
}

Problem JsonMessageReader::NoteAndRead(const FieldPlan& field, element value) {
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

Problem JsonMessageReader::List(const FieldPlan& field, element value) {
  if (value.is_null()) return std::nullopt;
  if (value.type() != element_type::ARRAY) return WrongValue("must be an array");
  const simdjson::dom::array array = value;
  if (array.begin() == array.end()) return std::nullopt;
  if (!field.is_packed) return Elements(field, array, /*with_tags=*/true);
  wire::AppendTag(field.number, wire::Type::kBytes, out_);
  wire::Nested nested(out_);
  if (Problem error = Elements(field, array, /*with_tags=*/false)) return error;
  nested.Close();
  return std::nullopt;
}

Problem JsonMessageReader::Elements(const FieldPlan& field, simdjson::dom::array array, bool with_tags) {
  size_t index = 0;
  for (const element child : array) {
    if (with_tags) wire::AppendTag(field.number, field.wire_type, out_);
    if (child.is_null() && !TakesNull(field)) return WithinElement(index, WrongValue("must not be null"));
    if (Problem error = Value(field, child)) return WithinElement(index, std::move(error));
    ++index;
  }
  return std::nullopt;
}

Problem JsonMessageReader::Map(const FieldPlan& field, element value) {
  if (value.is_null()) return std::nullopt;
  if (value.type() != element_type::OBJECT) return WrongValue("must be an object");
  const FieldPlan& key_field = *field.message->FindByNumber(1);
  const FieldPlan& value_field = *field.message->FindByNumber(2);
  for (const auto& [key, child] : simdjson::dom::object(value)) {
    wire::AppendTag(field.number, wire::Type::kBytes, out_);
    wire::Nested entry(out_);
    wire::AppendTag(1, key_field.wire_type, out_);
    if (ValueProblem problem = AppendValueFromText(key_field, key, out_)) {
      return WithinField(key, WrongValue(absl::StrCat("as a key ", *problem)));
    }
    if (child.is_null() && !TakesNull(value_field)) return WithinField(key, WrongValue("must not be null"));
    wire::AppendTag(2, value_field.wire_type, out_);
    if (Problem error = Value(value_field, child)) return WithinField(key, std::move(error));
    entry.Close();
  }
  return std::nullopt;
}

Problem JsonMessageReader::Value(const FieldPlan& field, element value) {
  if (field.type == FieldDescriptor::TYPE_MESSAGE) return Message(*field.message, value);
  if (ValueProblem problem = AppendScalarFromJson(field, value, out_)) return WrongValue(*std::move(problem));
  return std::nullopt;
}

Problem JsonMessageReader::Message(const MessagePlan& message, element value) {
  const WellKnown kind = message.well_known;
  if (kind == WellKnown::kTimestamp || kind == WellKnown::kDuration || kind == WellKnown::kFieldMask) {
    return FromText(message, value);
  }
  wire::Nested nested(out_);
  Problem error = kind == WellKnown::kWrapper ? WrapperContent(message, value) : Content(message, value);
  if (error) return error;
  nested.Close();
  return std::nullopt;
}

}  // namespace gateway
