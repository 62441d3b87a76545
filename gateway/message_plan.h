#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "gateway/wire.h"

namespace gateway {

struct MessagePlan;

// Plans by the full name of their type.
using PlanIndex = absl::flat_hash_map<std::string, std::unique_ptr<MessagePlan>>;

// The names of an enum's values, both ways. A value's JSON name is its `gateway.v1.json_value`, else its proto name.
struct EnumPlan {
  std::string full_name;
  bool is_null_value = false;                         // google.protobuf.NullValue, which is JSON's null
  absl::flat_hash_map<std::string, int32_t> numbers;  // by JSON name and by proto name
  absl::flat_hash_map<int32_t, std::string> names;    // JSON names, as JSON strings with their quotes
};

// What the codecs need to know of one field.
struct FieldPlan {
  using Type = google::protobuf::FieldDescriptor::Type;

  std::string name;       // as the proto spells it
  std::string json_name;  // in lowerCamelCase
  std::string name_key;   // `"name":`, ready to be written
  std::string json_name_key;
  uint32_t number = 0;
  Type type = Type::TYPE_INT32;
  wire::Type wire_type = wire::Type::kVarint;  // of one value
  bool is_repeated = false;                    // a list; maps are not
  bool is_map = false;                         // `message` is then the plan of an entry: key 1, value 2
  bool is_packed = false;
  bool has_presence = false;
  int oneof = -1;                         // index of the oneof it is in; optional fields are in none
  const MessagePlan* message = nullptr;   // with TYPE_MESSAGE
  const EnumPlan* enumeration = nullptr;  // with TYPE_ENUM
};

// Messages that have a JSON form of their own (the proto3 JSON mapping).
enum class WellKnown { kNone, kAny, kDuration, kEmpty, kFieldMask, kListValue, kStruct, kTimestamp, kValue, kWrapper };

// What the codecs need to know of one message type. Immutable once its PlanSet is made.
struct MessagePlan {
  std::string full_name;
  WellKnown well_known = WellKnown::kNone;
  std::vector<FieldPlan> fields;  // in order of declaration
  int oneof_count = 0;
  bool is_complete = false;             // all of it can be transcoded
  const PlanIndex* packable = nullptr;  // with kAny: what may be inside

  // Null where there is none. By either name.
  const FieldPlan* FindByName(std::string_view field_name) const;
  const FieldPlan* FindByNumber(uint32_t number) const {
    if (number >= low_numbers_.size()) return FindByHighNumber(number);
    return low_numbers_[number] == 0 ? nullptr : &fields[low_numbers_[number] - 1u];
  }

 private:
  friend class PlanSet;

  const FieldPlan* FindByHighNumber(uint32_t number) const;

  absl::flat_hash_map<std::string, uint32_t> by_name_;
  std::vector<uint16_t> low_numbers_;  // index + 1 into `fields`; 0 for none
  absl::flat_hash_map<uint32_t, uint32_t> high_numbers_;
};

// The plans of message types and of all that they hold, each made once. Owns them: a plan lives as long as the set, and
// stays where it is when the set is moved.
class PlanSet {
 public:
  PlanSet();

  // The plan of `type`, made now if it was not yet. Fails where a type cannot be transcoded: one with proto2 groups.
  absl::StatusOr<const MessagePlan*> Add(const google::protobuf::Descriptor& type);
  // Whether google.protobuf.Any is among them, or among what they hold.
  bool HasAny() const { return messages_->contains("google.protobuf.Any"); }

 private:
  absl::Status FillField(const google::protobuf::FieldDescriptor& descriptor, FieldPlan* field);
  const EnumPlan* AddEnum(const google::protobuf::EnumDescriptor& type);
  static void Index(MessagePlan* plan);

  std::unique_ptr<PlanIndex> messages_;  // stays where it is, since plans lead to it
  absl::flat_hash_map<std::string, std::unique_ptr<EnumPlan>> enums_;
};

// The fields that a dotted path such as `a.b.c` leads through, by either name. Fails, saying why, where a name is not
// known, or where a field before the last is repeated, a map, or no message.
absl::StatusOr<std::vector<const FieldPlan*>> ResolvePath(const MessagePlan& message, std::string_view path);

}  // namespace gateway
