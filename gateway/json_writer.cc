#include "gateway/json_writer.h"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/json/json_text.h"
#include "gateway/text.h"
#include "gateway/time_text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;

constexpr int kMaxDepth = 100;
constexpr uint32_t kNone = UINT32_MAX;

absl::Status Malformed() { return absl::InternalError("the upstream's answer is no valid message"); }

// One value on the wire, chained to the next one of the same field.
struct Occurrence {
  wire::Field value;
  uint32_t next = kNone;
};

struct Chain {
  uint32_t first = kNone;
  uint32_t last = kNone;
};

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

bool FitsWire(const FieldPlan& field, wire::Type type) {
  if (type == field.wire_type) return true;
  return field.is_repeated && type == wire::Type::kBytes && field.wire_type != wire::Type::kBytes;
}

class JsonWriter {
 public:
  JsonWriter(const JsonStyle& style, std::string* out) : style_(style), out_(out) {
    occurrences_.reserve(64);
    chains_.reserve(64);
  }

  absl::Status Message(const MessagePlan& plan, std::string_view bytes, int depth) {
    if (depth > kMaxDepth) return Malformed();
    switch (plan.well_known) {
      case WellKnown::kNone:
      case WellKnown::kEmpty:
        return Object(plan, bytes, depth);
      case WellKnown::kAny:
        return absl::UnimplementedError("google.protobuf.Any has no JSON form here");
      default:
        return WellKnownMessage(plan, bytes, depth);
    }
  }

  // One field of a message as a value.
  absl::Status Field(const MessagePlan& plan, const FieldPlan& field, std::string_view bytes) {
    const Frame frame(*this, plan);
    if (!Scan(plan, bytes, frame)) return Malformed();
    const Chain chain = ChainOf(plan, field, frame);
    if (chain.first == kNone) {
      AppendDefault(field);
      return absl::OkStatus();
    }
    return FieldValue(field, chain, /*depth=*/0);
  }

  absl::Status Scalar(const FieldPlan& field, const wire::Field& value) {
    switch (field.type) {
      case FieldDescriptor::TYPE_DOUBLE:
        AppendFloating(std::bit_cast<double>(value.bits), "%.15g", "%.17g", out_);
        break;
      case FieldDescriptor::TYPE_FLOAT:
        AppendFloating(std::bit_cast<float>(static_cast<uint32_t>(value.bits)), "%.6g", "%.9g", out_);
        break;
      case FieldDescriptor::TYPE_INT64:
      case FieldDescriptor::TYPE_SFIXED64:
        Quoted(static_cast<int64_t>(value.bits));
        break;
      case FieldDescriptor::TYPE_SINT64:
        Quoted(wire::UnZigZag(value.bits));
        break;
      case FieldDescriptor::TYPE_UINT64:
      case FieldDescriptor::TYPE_FIXED64:
        Quoted(value.bits);
        break;
      case FieldDescriptor::TYPE_INT32:
      case FieldDescriptor::TYPE_SFIXED32:
        absl::StrAppend(out_, static_cast<int32_t>(value.bits));
        break;
      case FieldDescriptor::TYPE_SINT32:
        absl::StrAppend(out_, static_cast<int32_t>(wire::UnZigZag(value.bits & 0xffffffff)));
        break;
      case FieldDescriptor::TYPE_UINT32:
      case FieldDescriptor::TYPE_FIXED32:
        absl::StrAppend(out_, static_cast<uint32_t>(value.bits));
        break;
      case FieldDescriptor::TYPE_BOOL:
        out_->append(value.bits != 0 ? "true" : "false");
        break;
      case FieldDescriptor::TYPE_ENUM:
        Enum(*field.enumeration, static_cast<int32_t>(value.bits));
        break;
      case FieldDescriptor::TYPE_BYTES:
        AppendBase64(value.bytes);
        break;
      default:
        json::AppendString(value.bytes, out_);
    }
    return absl::OkStatus();
  }

 private:
  // The part of the scratch space that belongs to one message while it is written.
  struct Frame {
    Frame(JsonWriter& w, const MessagePlan& plan)
        : writer(w), occurrences(w.occurrences_.size()), chains(w.chains_.size()) {
      w.chains_.resize(chains + plan.fields.size());
    }
    ~Frame() {
      writer.occurrences_.resize(occurrences);
      writer.chains_.resize(chains);
    }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    JsonWriter& writer;
    const size_t occurrences;
    const size_t chains;
  };

  bool Scan(const MessagePlan& plan, std::string_view bytes, const Frame& frame) {
    wire::Reader reader(bytes);
    Occurrence occurrence;
    while (!reader.done()) {
      if (!reader.Next(&occurrence.value)) return false;
      const FieldPlan* field = plan.FindByNumber(occurrence.value.number);
      if (field == nullptr || !FitsWire(*field, occurrence.value.type)) continue;
      const auto index = static_cast<uint32_t>(occurrences_.size());
      Chain& chain = chains_[frame.chains + static_cast<size_t>(field - plan.fields.data())];
      if (chain.first == kNone) {
        chain.first = index;
      } else {
        occurrences_[chain.last].next = index;
      }
      chain.last = index;
      occurrences_.push_back(occurrence);
    }
    return true;
  }

  // What the wire holds of a field. Of a oneof only the member set last is set, with what came after the others.
  Chain ChainOf(const MessagePlan& plan, const FieldPlan& field, const Frame& frame) const {
    Chain chain = chains_[frame.chains + static_cast<size_t>(&field - plan.fields.data())];
    if (field.oneof < 0 || chain.first == kNone) return chain;
    for (const FieldPlan& other : plan.fields) {
      if (&other == &field || other.oneof != field.oneof) continue;
      const Chain rival = chains_[frame.chains + static_cast<size_t>(&other - plan.fields.data())];
      if (rival.first == kNone) continue;
      if (rival.last > chain.last) return Chain{};
      while (chain.first < rival.last) chain.first = occurrences_[chain.first].next;
    }
    return chain;
  }

  absl::Status Object(const MessagePlan& plan, std::string_view bytes, int depth) {
    const Frame frame(*this, plan);
    if (!Scan(plan, bytes, frame)) return Malformed();
    out_->push_back('{');
    bool is_first = true;
    for (const FieldPlan& field : plan.fields) {
      const Chain chain = ChainOf(plan, field, frame);
      const bool is_set = chain.first != kNone && !IsImplicitDefault(field, chain);
      if (!is_set && !EmitsUnset(field)) continue;
      if (!is_first) out_->push_back(',');
      is_first = false;
      out_->append(style_.proto_field_names ? field.name_key : field.json_name_key);
      if (!is_set) {
        AppendDefault(field);
      } else if (absl::Status status = FieldValue(field, chain, depth); !status.ok()) {
        return status;
      }
    }
    out_->push_back('}');
    return absl::OkStatus();
  }

  // A field without presence that holds its default counts as not set, though it stands on the wire.
  bool IsImplicitDefault(const FieldPlan& field, const Chain& chain) const {
    if (field.has_presence || field.is_repeated || field.is_map) return false;
    const wire::Field& value = occurrences_[chain.last].value;
    return field.wire_type == wire::Type::kBytes ? value.bytes.empty() : value.bits == 0;
  }

  bool EmitsUnset(const FieldPlan& field) const {
    if (field.oneof >= 0) return false;
    return field.has_presence ? style_.null_for_unset : style_.emit_defaults;
  }

  void AppendDefault(const FieldPlan& field) {
    if (field.is_map) {
      out_->append("{}");
    } else if (field.is_repeated) {
      out_->append("[]");
    } else if (field.has_presence) {
      out_->append("null");
    } else {
      Scalar(field, wire::Field{}).IgnoreError();
    }
  }

  absl::Status FieldValue(const FieldPlan& field, const Chain& chain, int depth) {
    if (field.is_map) return Map(field, chain, depth);
    if (field.is_repeated) return List(field, chain, depth);
    return Single(field, chain, depth);
  }

  absl::Status Single(const FieldPlan& field, const Chain& chain, int depth) {
    if (field.type != FieldDescriptor::TYPE_MESSAGE) return Scalar(field, occurrences_[chain.last].value);
    if (chain.first == chain.last) return Message(*field.message, occurrences_[chain.last].value.bytes, depth + 1);
    // Messages that follow one another on the wire merge as their concatenation does.
    std::string merged;
    for (uint32_t i = chain.first; i != kNone; i = occurrences_[i].next) merged.append(occurrences_[i].value.bytes);
    return Message(*field.message, merged, depth + 1);
  }

  absl::Status List(const FieldPlan& field, const Chain& chain, int depth) {
    out_->push_back('[');
    bool is_first = true;
    for (uint32_t i = chain.first; i != kNone; i = occurrences_[i].next) {
      const wire::Field value = occurrences_[i].value;
      absl::Status status;
      if (value.type != field.wire_type) {
        status = Packed(field, value.bytes, &is_first);
      } else {
        Comma(&is_first);
        status = field.type == FieldDescriptor::TYPE_MESSAGE ? Message(*field.message, value.bytes, depth + 1)
                                                             : Scalar(field, value);
      }
      if (!status.ok()) return status;
    }
    out_->push_back(']');
    return absl::OkStatus();
  }

  absl::Status Packed(const FieldPlan& field, std::string_view bytes, bool* is_first) {
    wire::Reader reader(bytes);
    wire::Field value;
    value.type = field.wire_type;
    while (!reader.done()) {
      const bool is_valid = field.wire_type == wire::Type::kVarint ? reader.Varint(&value.bits)
                                                                   : reader.Fixed(field.wire_type, &value.bits);
      if (!is_valid) return Malformed();
      Comma(is_first);
      Scalar(field, value).IgnoreError();
    }
    return absl::OkStatus();
  }

  void Comma(bool* is_first) {
    if (!*is_first) out_->push_back(',');
    *is_first = false;
  }

  absl::Status Map(const FieldPlan& field, const Chain& chain, int depth) {
    struct Entry {
      wire::Field key;
      wire::Field value;
    };
    const FieldPlan& key_field = *field.message->FindByNumber(1);
    const FieldPlan& value_field = *field.message->FindByNumber(2);
    std::vector<Entry> entries;
    absl::flat_hash_map<std::pair<uint64_t, absl::string_view>, size_t> by_key;
    for (uint32_t i = chain.first; i != kNone; i = occurrences_[i].next) {
      Entry entry;
      wire::Reader reader(occurrences_[i].value.bytes);
      wire::Field part;
      while (!reader.done()) {
        if (!reader.Next(&part)) return Malformed();
        if (part.number == 1 && part.type == key_field.wire_type) entry.key = part;
        if (part.number == 2 && part.type == value_field.wire_type) entry.value = part;
      }
      // Of entries with one key the last one wins.
      const auto [known, is_new] = by_key.try_emplace({entry.key.bits, View(entry.key.bytes)}, entries.size());
      if (is_new) {
        entries.push_back(std::move(entry));
      } else {
        entries[known->second] = std::move(entry);
      }
    }
    out_->push_back('{');
    bool is_first = true;
    for (const Entry& entry : entries) {
      Comma(&is_first);
      Key(key_field, entry.key);
      out_->push_back(':');
      absl::Status status = value_field.type == FieldDescriptor::TYPE_MESSAGE
                                ? Message(*value_field.message, entry.value.bytes, depth + 1)
                                : Scalar(value_field, entry.value);
      if (!status.ok()) return status;
    }
    out_->push_back('}');
    return absl::OkStatus();
  }

  // Keys are strings in JSON, whatever their type.
  void Key(const FieldPlan& field, const wire::Field& key) {
    const size_t start = out_->size();
    Scalar(field, key).IgnoreError();
    if ((*out_)[start] == '"') return;
    out_->insert(start, 1, '"');
    out_->push_back('"');
  }

  absl::Status WellKnownMessage(const MessagePlan& plan, std::string_view bytes, int depth) {
    switch (plan.well_known) {
      case WellKnown::kTimestamp:
      case WellKnown::kDuration:
        return Time(plan.well_known, bytes);
      case WellKnown::kFieldMask:
        return FieldMask(bytes);
      case WellKnown::kStruct:
        return Inner(plan, plan.fields.front(), "{}", bytes, depth);
      case WellKnown::kListValue:
        return Inner(plan, plan.fields.front(), "[]", bytes, depth);
      case WellKnown::kWrapper:
        return Inner(plan, plan.fields.front(), "", bytes, depth);
      default:
        return AnyMember(plan, bytes, depth);
    }
  }

  // The value of a message's only field in place of the message. `empty` is for none; "" gives the default.
  absl::Status Inner(const MessagePlan& plan, const FieldPlan& field, std::string_view empty, std::string_view bytes,
                     int depth) {
    const Frame frame(*this, plan);
    if (!Scan(plan, bytes, frame)) return Malformed();
    const Chain chain = ChainOf(plan, field, frame);
    if (chain.first != kNone) return FieldValue(field, chain, depth);
    if (!empty.empty()) {
      out_->append(empty);
      return absl::OkStatus();
    }
    return Scalar(field, wire::Field{});
  }

  // google.protobuf.Value: the member that is set; null where none is.
  absl::Status AnyMember(const MessagePlan& plan, std::string_view bytes, int depth) {
    const Frame frame(*this, plan);
    if (!Scan(plan, bytes, frame)) return Malformed();
    for (const FieldPlan& field : plan.fields) {
      const Chain chain = ChainOf(plan, field, frame);
      if (chain.first != kNone) return FieldValue(field, chain, depth);
    }
    out_->append("null");
    return absl::OkStatus();
  }

  absl::Status Time(WellKnown kind, std::string_view bytes) {
    SecondsAndNanos time;
    wire::Reader reader(bytes);
    wire::Field part;
    while (!reader.done()) {
      if (!reader.Next(&part)) return Malformed();
      if (part.type != wire::Type::kVarint) continue;
      if (part.number == 1) time.seconds = static_cast<int64_t>(part.bits);
      if (part.number == 2) time.nanos = static_cast<int32_t>(part.bits);
    }
    out_->push_back('"');
    const bool is_valid = kind == WellKnown::kTimestamp ? AppendTimestamp(time, out_) : AppendDuration(time, out_);
    if (!is_valid) return absl::InternalError("the upstream's answer holds a time out of range");
    out_->push_back('"');
    return absl::OkStatus();
  }

  absl::Status FieldMask(std::string_view bytes) {
    wire::Reader reader(bytes);
    wire::Field part;
    std::string text;
    while (!reader.done()) {
      if (!reader.Next(&part)) return Malformed();
      if (part.number != 1 || part.type != wire::Type::kBytes) continue;
      if (!text.empty()) text.push_back(',');
      AppendMaskPath(part.bytes, &text);
    }
    json::AppendString(text, out_);
    return absl::OkStatus();
  }

  void AppendMaskPath(std::string_view path, std::string* text) const {
    if (style_.proto_field_names) {
      text->append(path);
      return;
    }
    for (size_t i = 0; i < path.size(); ++i) {
      const bool starts_word = path[i] == '_' && i + 1 < path.size();
      text->push_back(starts_word ? absl::ascii_toupper(static_cast<unsigned char>(path[++i])) : path[i]);
    }
  }

  void Enum(const EnumPlan& plan, int32_t number) {
    if (plan.is_null_value) {
      out_->append("null");
      return;
    }
    const auto name = plan.names.find(number);
    if (name == plan.names.end()) {
      absl::StrAppend(out_, number);
    } else {
      out_->append(name->second);
    }
  }

  template <typename T>
  void Quoted(T number) {
    absl::StrAppend(out_, "\"", number, "\"");
  }

  void AppendBase64(std::string_view bytes) {
    std::string text;
    absl::Base64Escape(View(bytes), &text);
    absl::StrAppend(out_, "\"", text, "\"");
  }

  const JsonStyle& style_;
  std::string* out_;
  std::vector<Occurrence> occurrences_;
  std::vector<Chain> chains_;
};

}  // namespace

absl::Status WriteJsonMessage(const MessagePlan& message, std::string_view bytes, const JsonStyle& style,
                              std::string* out) {
  return JsonWriter(style, out).Message(message, bytes, 0);
}

absl::Status WriteJsonField(const MessagePlan& message, const FieldPlan& field, std::string_view bytes,
                            const JsonStyle& style, std::string* out) {
  return JsonWriter(style, out).Field(message, field, bytes);
}

absl::Status AppendFieldText(const std::vector<const FieldPlan*>& path, std::string_view bytes, std::string* out) {
  std::string_view message = bytes;
  std::vector<std::string> merged(path.size());  // each level's bytes outlive the search through it
  size_t level = 0;
  wire::Field found;
  for (const FieldPlan* field : path) {
    const bool is_last = field == path.back();
    std::string& parts = merged[level++];
    bool is_set = false;
    wire::Reader reader(message);
    wire::Field part;
    while (!reader.done()) {
      if (!reader.Next(&part)) return Malformed();
      if (part.number != field->number || part.type != field->wire_type) continue;
      is_set = true;
      found = part;
      if (!is_last) parts.append(part.bytes);
    }
    if (!is_set) return absl::OkStatus();
    message = parts;
  }
  const FieldPlan& last = *path.back();
  if (last.type == FieldDescriptor::TYPE_STRING) {
    out->append(found.bytes);
    return absl::OkStatus();
  }
  std::string text;
  const JsonStyle style;
  if (absl::Status status = JsonWriter(style, &text).Scalar(last, found); !status.ok()) return status;
  const bool is_quoted = text.size() >= 2 && text.front() == '"';
  out->append(is_quoted ? text.substr(1, text.size() - 2) : text);
  return absl::OkStatus();
}

}  // namespace gateway
