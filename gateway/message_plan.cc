#include "gateway/message_plan.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/json/json_text.h"
#include "gateway/text.h"
#include "gateway/v1/annotations.pb.h"

namespace gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr uint32_t kLowNumbers = 256;

std::string Quoted(std::string_view text) {
  std::string quoted;
  json::AppendString(text, &quoted);
  return quoted;
}

WellKnown WellKnownOf(const std::string& full_name) {
  static const auto& kTypes = *new absl::flat_hash_map<std::string, WellKnown>{
      {"google.protobuf.Any", WellKnown::kAny},
      {"google.protobuf.Duration", WellKnown::kDuration},
      {"google.protobuf.Empty", WellKnown::kEmpty},
      {"google.protobuf.FieldMask", WellKnown::kFieldMask},
      {"google.protobuf.ListValue", WellKnown::kListValue},
      {"google.protobuf.Struct", WellKnown::kStruct},
      {"google.protobuf.Timestamp", WellKnown::kTimestamp},
      {"google.protobuf.Value", WellKnown::kValue},
      {"google.protobuf.BoolValue", WellKnown::kWrapper},
      {"google.protobuf.BytesValue", WellKnown::kWrapper},
      {"google.protobuf.DoubleValue", WellKnown::kWrapper},
      {"google.protobuf.FloatValue", WellKnown::kWrapper},
      {"google.protobuf.Int32Value", WellKnown::kWrapper},
      {"google.protobuf.Int64Value", WellKnown::kWrapper},
      {"google.protobuf.StringValue", WellKnown::kWrapper},
      {"google.protobuf.UInt32Value", WellKnown::kWrapper},
      {"google.protobuf.UInt64Value", WellKnown::kWrapper},
  };
  const auto found = kTypes.find(full_name);
  return found == kTypes.end() ? WellKnown::kNone : found->second;
}

wire::Type WireTypeOf(FieldDescriptor::Type type) {
  switch (type) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return wire::Type::kFixed64;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return wire::Type::kFixed32;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return wire::Type::kBytes;
    default:
      return wire::Type::kVarint;
  }
}

}  // namespace

const FieldPlan* MessagePlan::FindByName(std::string_view field_name) const {
  const auto found = by_name_.find(View(field_name));
  return found == by_name_.end() ? nullptr : &fields[found->second];
}

const FieldPlan* MessagePlan::FindByHighNumber(uint32_t number) const {
  const auto found = high_numbers_.find(number);
  return found == high_numbers_.end() ? nullptr : &fields[found->second];
}

PlanSet::PlanSet() : messages_(std::make_unique<PlanIndex>()) {}

absl::StatusOr<const MessagePlan*> PlanSet::Add(const Descriptor& type) {
  std::unique_ptr<MessagePlan>& slot = (*messages_)[type.full_name()];
  if (slot != nullptr) return slot.get();
  // In the set before its fields are looked at: types may hold themselves.
  slot = std::make_unique<MessagePlan>();
  MessagePlan* plan = slot.get();
  plan->full_name = type.full_name();
  plan->well_known = WellKnownOf(type.full_name());
  if (plan->well_known == WellKnown::kAny) plan->packable = messages_.get();
  plan->oneof_count = type.real_oneof_decl_count();
  plan->fields.resize(static_cast<size_t>(type.field_count()));
  for (int i = 0; i < type.field_count(); ++i) {
    absl::Status status = FillField(*type.field(i), &plan->fields[static_cast<size_t>(i)]);
    if (!status.ok()) return status;
  }
  Index(plan);
  plan->is_complete = true;
  return plan;
}

absl::Status PlanSet::FillField(const FieldDescriptor& descriptor, FieldPlan* field) {
  if (descriptor.type() == FieldDescriptor::TYPE_GROUP) {
    return absl::InvalidArgumentError(
        absl::StrCat("field ", descriptor.full_name(), " is a group: it has no JSON form"));
  }
  field->name = descriptor.name();
  field->json_name = descriptor.json_name();
  field->name_key = Quoted(field->name) + ":";
  field->json_name_key = Quoted(field->json_name) + ":";
  field->number = static_cast<uint32_t>(descriptor.number());
  field->type = descriptor.type();
  field->wire_type = WireTypeOf(descriptor.type());
  field->is_map = descriptor.is_map();
  field->is_repeated = descriptor.is_repeated() && !descriptor.is_map();
  field->is_packed = descriptor.is_packed();
  field->has_presence = descriptor.has_presence();
  if (descriptor.real_containing_oneof() != nullptr) field->oneof = descriptor.real_containing_oneof()->index();
  if (descriptor.enum_type() != nullptr) field->enumeration = AddEnum(*descriptor.enum_type());
  if (descriptor.message_type() != nullptr) {
    absl::StatusOr<const MessagePlan*> message = Add(*descriptor.message_type());
    if (!message.ok()) return message.status();
    field->message = *message;
  }
  return absl::OkStatus();
}

const EnumPlan* PlanSet::AddEnum(const EnumDescriptor& type) {
  std::unique_ptr<EnumPlan>& slot = enums_[type.full_name()];
  if (slot != nullptr) return slot.get();
  slot = std::make_unique<EnumPlan>();
  slot->full_name = type.full_name();
  slot->is_null_value = type.full_name() == "google.protobuf.NullValue";
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    const std::string& json_name = value.options().GetExtension(gateway::v1::json_value);
    const std::string& name = json_name.empty() ? value.name() : json_name;
    slot->numbers.try_emplace(name, value.number());
    // Of aliases the first one is written.
    slot->names.try_emplace(value.number(), Quoted(name));
  }
  // JSON names first: a proto name never takes one away from its value.
  for (int i = 0; i < type.value_count(); ++i)
    slot->numbers.try_emplace(type.value(i)->name(), type.value(i)->number());
  return slot.get();
}

void PlanSet::Index(MessagePlan* plan) {
  for (uint32_t i = 0; i < plan->fields.size(); ++i) {
    const FieldPlan& field = plan->fields[i];
    if (field.number < kLowNumbers) {
      if (plan->low_numbers_.size() <= field.number) plan->low_numbers_.resize(field.number + 1);
      plan->low_numbers_[field.number] = static_cast<uint16_t>(i + 1);
    } else {
      plan->high_numbers_.emplace(field.number, i);
    }
    plan->by_name_.emplace(field.json_name, i);
  }
  for (uint32_t i = 0; i < plan->fields.size(); ++i) plan->by_name_.try_emplace(plan->fields[i].name, i);
}

absl::StatusOr<std::vector<const FieldPlan*>> ResolvePath(const MessagePlan& message, std::string_view path) {
  std::vector<const FieldPlan*> fields;
  const MessagePlan* current = &message;
  for (absl::string_view name : absl::StrSplit(View(path), '.')) {
    if (current == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("\"", fields.back()->name, "\" holds no field \"", name, "\""));
    }
    const FieldPlan* field = current->FindByName({name.data(), name.size()});
    if (field == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(current->full_name, " has no field \"", name, "\""));
    }
    fields.push_back(field);
    current =
        field->is_repeated || field->is_map || field->type != FieldPlan::Type::TYPE_MESSAGE ? nullptr : field->message;
  }
  return fields;
}

}  // namespace gateway
