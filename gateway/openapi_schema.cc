#include "gateway/openapi_schema.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "gateway/api_description.h"
#include "gateway/v1/annotations.pb.h"

namespace gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

void WriteType(std::string_view type, bool nullable, JsonBuilder* out) {
  out->Name("type");
  if (!nullable) {
    out->String(type);
  } else {
    out->OpenList().String(type).String("null").CloseList();
  }
}

void WriteInteger(std::string_view format, bool nullable, bool is_unsigned, JsonBuilder* out) {
  WriteType("integer", nullable, out);
  out->Member("format", format);
  if (is_unsigned) out->Name("minimum").Number(0);
}

void WriteText(std::string_view format, bool nullable, JsonBuilder* out) {
  WriteType("string", nullable, out);
  out->MemberUnlessEmpty("format", format);
}

void WriteEnum(const EnumDescriptor& type, bool nullable, JsonBuilder* out) {
  if (type.full_name() == "google.protobuf.NullValue") {
    out->Member("type", "null");
    return;
  }
  WriteType("string", nullable, out);
  std::set<std::string> names;
  out->Name("enum").OpenList();
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string& given = type.value(i)->options().GetExtension(gateway::v1::json_value);
    const std::string& name = given.empty() ? type.value(i)->name() : given;
    if (names.insert(name).second) out->String(name);
  }
  if (nullable) out->Null();
  out->CloseList();
}

// Scalars; false for what is none.
bool WriteScalar(const FieldDescriptor& field, bool nullable, JsonBuilder* out) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FLOAT:
      WriteType("number", nullable, out);
      out->Member("format", field.type() == FieldDescriptor::TYPE_DOUBLE ? "double" : "float");
      return true;
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SFIXED32:
      WriteInteger("int32", nullable, /*is_unsigned=*/false, out);
      return true;
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
      WriteInteger("uint32", nullable, /*is_unsigned=*/true, out);
      return true;
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SINT64:
    case FieldDescriptor::TYPE_SFIXED64:
      WriteText("int64", nullable, out);
      return true;
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      WriteText("uint64", nullable, out);
      return true;
    case FieldDescriptor::TYPE_BOOL:
      WriteType("boolean", nullable, out);
      return true;
    case FieldDescriptor::TYPE_STRING:
      WriteText("", nullable, out);
      return true;
    case FieldDescriptor::TYPE_BYTES:
      WriteText("", nullable, out);
      out->Member("contentEncoding", "base64");
      return true;
    case FieldDescriptor::TYPE_ENUM:
      WriteEnum(*field.enum_type(), nullable, out);
      return true;
    default:
      return false;
  }
}

// Messages with a JSON form of their own; false for the others.
bool WriteWellKnown(const Descriptor& message, bool nullable, JsonBuilder* out) {
  const std::string& name = message.full_name();
  if (name == "google.protobuf.Timestamp") {
    WriteText("date-time", nullable, out);
  } else if (name == "google.protobuf.Duration") {
    WriteText("", nullable, out);
    out->Member("pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$");
  } else if (name == "google.protobuf.FieldMask") {
    WriteText("", nullable, out);
  } else if (name == "google.protobuf.Struct" || name == "google.protobuf.Empty") {
    WriteType("object", nullable, out);
    if (name == "google.protobuf.Struct") out->Name("additionalProperties").Bool(true);
  } else if (name == "google.protobuf.ListValue") {
    WriteType("array", nullable, out);
    out->Name("items").Open().Close();
  } else if (name == "google.protobuf.Any") {
    WriteType("object", nullable, out);
    out->Name("properties").Open().Name("@type").Open().Member("type", "string").Close().Close();
    out->Name("additionalProperties").Bool(true);
  } else if (name == "google.protobuf.Value") {
    return true;  // anything
  } else if (message.file()->name() == "google/protobuf/wrappers.proto") {
    return WriteScalar(*message.field(0), /*nullable=*/true, out);
  } else {
    return false;
  }
  return true;
}

// Whether an answer holds the field in any case.
bool IsAlwaysWritten(const FieldDescriptor& field, const JsonStyle& style) {
  if (field.real_containing_oneof() != nullptr) return false;
  return field.has_presence() ? style.null_for_unset : style.emit_defaults;
}

}  // namespace

void OpenApiSchemas::WriteField(const FieldDescriptor& field, const JsonStyle& style, Use use, std::string_view text,
                                JsonBuilder* out) {
  out->Open();
  // In a request too: there null makes a field unset.
  const bool nullable = field.has_presence() && style.null_for_unset && field.real_containing_oneof() == nullptr;
  if (field.is_map()) {
    out->Member("type", "object").Name("additionalProperties");
    WriteField(*field.message_type()->map_value(), style, use, "", out);
  } else if (field.is_repeated()) {
    out->Member("type", "array").Name("items").Open();
    WriteValue(field, style, use, /*nullable=*/false, out);
    out->Close();
  } else {
    WriteValue(field, style, use, nullable, out);
  }
  out->MemberUnlessEmpty("description", text);
  out->Close();
}

void OpenApiSchemas::WriteValue(const FieldDescriptor& field, const JsonStyle& style, Use use, bool nullable,
                                JsonBuilder* out) {
  if (WriteScalar(field, nullable, out) || WriteWellKnown(*field.message_type(), nullable, out)) return;
  const std::string reference = Refer(*field.message_type(), style, use);
  if (!nullable) {
    out->Member("$ref", reference);
    return;
  }
  out->Name("anyOf").OpenList().Open().Member("$ref", reference).Close();
  out->Open().Member("type", "null").Close().CloseList();
}

void OpenApiSchemas::WriteMessage(const Descriptor& message, const JsonStyle& style, Use use, JsonBuilder* out) {
  out->Open();
  if (!WriteWellKnown(message, /*nullable=*/false, out)) out->Member("$ref", Refer(message, style, use));
  out->Close();
}

std::string OpenApiSchemas::Refer(const Descriptor& message, const JsonStyle& style, Use use) {
  const bool differs = style.emit_defaults || style.null_for_unset;
  const std::string name = absl::StrCat(message.full_name(), use == Use::kRequest && differs ? ".Input" : "");
  if (written_.emplace(name, Reference{&message, style, use}).second) waiting_.push_back(name);
  return "#/components/schemas/" + name;
}

void OpenApiSchemas::WriteReferred(JsonBuilder* out) {
  while (!waiting_.empty()) {
    const std::string name = std::move(waiting_.back());
    waiting_.pop_back();
    out->Name(name);
    WriteObject(written_.at(name), out);
  }
}

void OpenApiSchemas::WriteObject(const Reference& reference, JsonBuilder* out) {
  const Descriptor& message = *reference.message;
  out->Open().Member("type", "object").MemberUnlessEmpty("description", CommentOf(message));
  std::vector<std::string> required;
  out->Name("properties").Open();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const std::string& name = reference.style.proto_field_names ? field.name() : field.json_name();
    out->Name(name);
    WriteField(field, reference.style, reference.use, CommentOf(field), out);
    if (reference.use == Use::kAnswer && IsAlwaysWritten(field, reference.style)) required.push_back(name);
  }
  out->Close();
  if (!required.empty()) {
    out->Name("required").OpenList();
    for (const std::string& name : required) out->String(name);
    out->CloseList();
  }
  out->Close();
}

}  // namespace gateway
