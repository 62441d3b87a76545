#include "gateway/json_message_writer.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "gateway/json_scalar_writer.h"
#include "gateway/text.h"

namespace gateway {
namespace {

using google::protobuf::FieldDescriptor;

bool FitsWire(const FieldPlan& field, wire::Type type) {
  if (type == field.wire_type) return true;
  return field.is_repeated && type == wire::Type::kBytes && field.wire_type != wire::Type::kBytes;
}

}  // namespace

absl::Status MalformedAnswer() { return absl::InternalError("the upstream's answer is no valid message"); }

JsonMessageWriter::JsonMessageWriter(const JsonStyle& style, std::string* out) : style_(style), out_(out) {
  occurrences_.reserve(64);
  chains_.reserve(64);
}

JsonMessageWriter::Frame::Frame(JsonMessageWriter& w, const MessagePlan& plan)
    : writer(w), occurrences(w.occurrences_.size()), chains(w.chains_.size()) {
  w.chains_.resize(chains + plan.fields.size());
}

JsonMessageWriter::Frame::~Frame() {
  writer.occurrences_.resize(occurrences);
  writer.chains_.resize(chains);
}

absl::Status JsonMessageWriter::Message(const MessagePlan& plan, std::string_view bytes, int depth) {
  if (depth > kMaxDepth) return MalformedAnswer();
  switch (plan.well_known) {
    case WellKnown::kNone:
    case WellKnown::kEmpty:
      return Object(plan, bytes, depth);
    case WellKnown::kAny:
      return Any(plan, bytes, depth);
    default:
      return WellKnownMessage(plan, bytes, depth);
  }
}

absl::Status JsonMessageWriter::Field(const MessagePlan& plan, const FieldPlan& field, std::string_view bytes) {
  const Frame frame(*this, plan);
  if (!Scan(plan, bytes, frame)) return MalformedAnswer();
  const Chain chain = ChainOf(plan, field, frame);
  if (chain.first == kNone) {
    AppendDefault(field);
    return absl::OkStatus();
  }
  return FieldValue(field, chain, /*depth=*/0);
}

bool JsonMessageWriter::Scan(const MessagePlan& plan, std::string_view bytes, const Frame& frame) {
  wire::Reader reader(bytes);
  while (!reader.done()) {
    const auto index = static_cast<uint32_t>(occurrences_.size());
    // Read where it is to stay: a copy of what was just written in parts would wait for all of them.
    wire::Field& value = occurrences_.emplace_back().value;
    if (!reader.Next(&value)) return false;
    const FieldPlan* field = plan.FindByNumber(value.number);
    if (field == nullptr || !FitsWire(*field, value.type)) {
      occurrences_.pop_back();
      continue;
    }
    Chain& chain = chains_[frame.chains + static_cast<size_t>(field - plan.fields.data())];
    if (chain.first == kNone) {
      chain.first = index;
    } else {
      occurrences_[chain.last].next = index;
    }
    chain.last = index;
  }
  return true;
}

JsonMessageWriter::Chain JsonMessageWriter::ChainOf(const MessagePlan& plan, const FieldPlan& field,
                                                    const Frame& frame) const {
  const Chain chain = chains_[frame.chains + static_cast<size_t>(&field - plan.fields.data())];
  return field.oneof < 0 || chain.first == kNone ? chain : MemberOf(plan, field, chain, frame);
}

JsonMessageWriter::Chain JsonMessageWriter::MemberOf(const MessagePlan& plan, const FieldPlan& field, Chain chain,
                                                     const Frame& frame) const {
  for (const FieldPlan& other : plan.fields) {
    if (&other == &field || other.oneof != field.oneof) continue;
    const Chain rival = chains_[frame.chains + static_cast<size_t>(&other - plan.fields.data())];
    if (rival.first == kNone) continue;
    if (rival.last > chain.last) return Chain{};
    while (chain.first < rival.last) chain.first = occurrences_[chain.first].next;
  }
  return chain;
}

absl::Status JsonMessageWriter::Object(const MessagePlan& plan, std::string_view bytes, int depth) {
  out_->push_back('{');
  bool is_first = true;
  if (absl::Status status = Members(plan, bytes, depth, &is_first); !status.ok()) return status;
  out_->push_back('}');
  return absl::OkStatus();
}

absl::Status JsonMessageWriter::Members(const MessagePlan& plan, std::string_view bytes, int depth, bool* is_first) {
  const Frame frame(*this, plan);
  if (!Scan(plan, bytes, frame)) return MalformedAnswer();
  for (const FieldPlan& field : plan.fields) {
    const Chain chain = ChainOf(plan, field, frame);
    const bool is_set = chain.first != kNone && !IsImplicitDefault(field, chain);
    if (!is_set && !EmitsUnset(field)) continue;
    Comma(is_first);
    out_->append(style_.proto_field_names ? field.name_key : field.json_name_key);
    if (!is_set) {
      AppendDefault(field);
    } else if (absl::Status status = FieldValue(field, chain, depth); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

bool JsonMessageWriter::IsImplicitDefault(const FieldPlan& field, const Chain& chain) const {
  if (field.has_presence || field.is_repeated || field.is_map) return false;
  const wire::Field& value = occurrences_[chain.last].value;
  return field.wire_type == wire::Type::kBytes ? value.bytes.empty() : value.bits == 0;
}

bool JsonMessageWriter::EmitsUnset(const FieldPlan& field) const {
  if (field.oneof >= 0) return false;
  return field.has_presence ? style_.null_for_unset : style_.emit_defaults;
}

void JsonMessageWriter::AppendDefault(const FieldPlan& field) {
  if (field.is_map) {
    out_->append("{}");
  } else if (field.is_repeated) {
    out_->append("[]");
  } else if (field.has_presence) {
    out_->append("null");
  } else {
    AppendScalarJson(field, wire::Field{}, out_);
  }
}

absl::Status JsonMessageWriter::FieldValue(const FieldPlan& field, const Chain& chain, int depth) {
  if (field.is_map) return Map(field, chain, depth);
  if (field.is_repeated) return List(field, chain, depth);
  return Single(field, chain, depth);
}

absl::Status JsonMessageWriter::Single(const FieldPlan& field, const Chain& chain, int depth) {
  if (field.type != FieldDescriptor::TYPE_MESSAGE) {
    AppendScalarJson(field, occurrences_[chain.last].value, out_);
    return absl::OkStatus();
  }
  if (chain.first == chain.last) return Message(*field.message, occurrences_[chain.last].value.bytes, depth + 1);
  // Messages that follow one another on the wire merge as their concatenation does.
  std::string merged;
  for (uint32_t i = chain.first; i != kNone; i = occurrences_[i].next) merged.append(occurrences_[i].value.bytes);
  return Message(*field.message, merged, depth + 1);
}

absl::Status JsonMessageWriter::List(const FieldPlan& field, const Chain& chain, int depth) {
  out_->push_back('[');
  bool is_first = true;
  for (uint32_t i = chain.first; i != kNone; i = occurrences_[i].next) {
    const wire::Field value = occurrences_[i].value;
    absl::Status status;
    if (value.type != field.wire_type) {
      status = Packed(field, value.bytes, &is_first);
    } else {
      Comma(&is_first);
      if (field.type == FieldDescriptor::TYPE_MESSAGE) {
        status = Message(*field.message, value.bytes, depth + 1);
      } else {
        AppendScalarJson(field, value, out_);
      }
    }
    if (!status.ok()) return status;
  }
  out_->push_back(']');
  return absl::OkStatus();
}

absl::Status JsonMessageWriter::Packed(const FieldPlan& field, std::string_view bytes, bool* is_first) {
  wire::Reader reader(bytes);
  wire::Field value;
  value.type = field.wire_type;
  while (!reader.done()) {
    const bool is_valid = field.wire_type == wire::Type::kVarint ? reader.Varint(&value.bits)
                                                                 : reader.Fixed(field.wire_type, &value.bits);
    if (!is_valid) return MalformedAnswer();
    Comma(is_first);
    AppendScalarJson(field, value, out_);
  }
  return absl::OkStatus();
}

void JsonMessageWriter::Comma(bool* is_first) {
  if (!*is_first) out_->push_back(',');
  *is_first = false;
}

absl::Status JsonMessageWriter::Map(const FieldPlan& field, const Chain& chain, int depth) {
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
      if (!reader.Next(&part)) return MalformedAnswer();
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
    if (value_field.type != FieldDescriptor::TYPE_MESSAGE) {
      AppendScalarJson(value_field, entry.value, out_);
    } else if (absl::Status status = Message(*value_field.message, entry.value.bytes, depth + 1); !status.ok()) {
      return status;
    }
  }
  out_->push_back('}');
  return absl::OkStatus();
}

void JsonMessageWriter::Key(const FieldPlan& field, const wire::Field& key) {
  const size_t start = out_->size();
  AppendScalarJson(field, key, out_);
  if ((*out_)[start] == '"') return;
  out_->insert(start, 1, '"');
  out_->push_back('"');
}

}  // namespace gateway
