// The messages that have a JSON form of their own (the proto3 JSON mapping).
#include "gateway/json_message_reader.h"
#include "gateway/scalar_text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;
using simdjson::dom::element;
using simdjson::dom::element_type;
using Problem = JsonMessageReader::Problem;

constexpr std::string_view kTypeName = "@type";

std::string_view ValueMember(element_type type) {
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

// What `type.googleapis.com/pkg.Message` names, or null.
const MessagePlan* FindPackable(const PlanIndex& packable, std::string_view url) {
  const size_t slash = url.rfind('/');
  if (slash == std::string_view::npos) return nullptr;
  const auto found = packable.find(std::string(url.substr(slash + 1)));
  return found == packable.end() || !found->second->is_complete ? nullptr : found->second.get();
}

}  // namespace

Problem JsonMessageReader::AnyContent(const MessagePlan& message, element value) {
  if (value.type() != element_type::OBJECT) return WrongValue("must be an object");
  const simdjson::dom::object object = value;
  if (object.size() == 0) return std::nullopt;
  std::string_view url;
  if (object[kTypeName].get(url) != simdjson::SUCCESS) return WrongValue("needs an \"@type\"");
  const MessagePlan* inner = FindPackable(*message.packable, url);
  if (inner == nullptr) return BindingError{std::string(kTypeName), "names no type that is known here"};
  wire::AppendTag(1, wire::Type::kBytes, out_);
  wire::AppendBytes(url, out_);
  wire::AppendTag(2, wire::Type::kBytes, out_);
  if (inner->well_known == WellKnown::kNone || inner->well_known == WellKnown::kEmpty) {
    wire::Nested nested(out_);
    if (Problem error = Fields(*inner, value, kTypeName)) return error;
    nested.Close();
    return std::nullopt;
  }
  element content;
  if (object.size() != 2 || object["value"].get(content) != simdjson::SUCCESS) {
    return WrongValue("needs a \"value\" beside \"@type\", and nothing else");
  }
  if (Problem error = Message(*inner, content)) return WithinField("value", std::move(error));
  return std::nullopt;
}

Problem JsonMessageReader::StructContent(const MessagePlan& message, element value) {
  if (value.type() != element_type::OBJECT) return WrongValue("must be an object");
  return Map(message.fields.front(), value);
}

Problem JsonMessageReader::ListContent(const MessagePlan& message, element value) {
  if (value.type() != element_type::ARRAY) return WrongValue("must be an array");
  return Elements(message.fields.front(), value, /*with_tags=*/true);
}

Problem JsonMessageReader::ValueContent(const MessagePlan& message, element value) {
  const FieldPlan& member = *message.FindByName(ValueMember(value.type()));
  wire::AppendTag(member.number, member.wire_type, out_);
  return Value(member, value);
}

Problem JsonMessageReader::WrapperContent(const MessagePlan& message, element value) {
  const FieldPlan& inner = message.fields.front();
  wire::AppendTag(inner.number, inner.wire_type, out_);
  return Value(inner, value);
}

Problem JsonMessageReader::FromText(const MessagePlan& message, element value) {
  if (value.type() != element_type::STRING) return WrongValue("must be a string");
  FieldPlan as_text;
  as_text.type = FieldDescriptor::TYPE_MESSAGE;
  as_text.message = &message;
  if (ValueProblem problem = AppendValueFromText(as_text, std::string_view(value), out_)) {
    return WrongValue(*std::move(problem));
  }
  return std::nullopt;
}

}  // namespace gateway
