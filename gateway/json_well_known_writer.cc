// The messages that have a JSON form of their own (the proto3 JSON mapping).
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/json/json_text.h"
#include "gateway/json_message_writer.h"
#include "gateway/json_scalar_writer.h"
#include "gateway/text.h"
#include "gateway/time_text.h"

namespace gateway {

absl::Status JsonMessageWriter::WellKnownMessage(const MessagePlan& plan, std::string_view bytes, int depth) {
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

absl::Status JsonMessageWriter::Any(const MessagePlan& plan, std::string_view bytes, int depth) {
  std::string_view url;
  std::string_view content;
  wire::Reader reader(bytes);
  wire::Field part;
  while (!reader.done()) {
    if (!reader.Next(&part)) return MalformedAnswer();
    if (part.type != wire::Type::kBytes) continue;
    if (part.number == 1) url = part.bytes;
    if (part.number == 2) content = part.bytes;
  }
  if (url.empty()) {
    out_->append("{}");
    return absl::OkStatus();
  }
  const auto found = plan.packable->find(std::string(url.substr(url.rfind('/') + 1)));
  if (found == plan.packable->end() || !found->second->is_complete) {
    return absl::UnimplementedError(absl::StrCat("the descriptor set holds no type ", View(url)));
  }
  const MessagePlan& inner = *found->second;
  out_->append("{\"@type\":");
  json::AppendString(url, out_);
  bool is_first = false;
  absl::Status status;
  if (inner.well_known == WellKnown::kNone || inner.well_known == WellKnown::kEmpty) {
    status = depth < kMaxDepth ? Members(inner, content, depth + 1, &is_first) : MalformedAnswer();
  } else {
    out_->append(",\"value\":");
    status = Message(inner, content, depth + 1);
  }
  out_->push_back('}');
  return status;
}

absl::Status JsonMessageWriter::Inner(const MessagePlan& plan, const FieldPlan& field, std::string_view empty,
                                      std::string_view bytes, int depth) {
  const Frame frame(*this, plan);
  if (!Scan(plan, bytes, frame)) return MalformedAnswer();
  const Chain chain = ChainOf(plan, field, frame);
  if (chain.first != kNone) return FieldValue(field, chain, depth);
  if (!empty.empty()) {
    out_->append(empty);
    return absl::OkStatus();
  }
  AppendScalarJson(field, wire::Field{}, out_);
  return absl::OkStatus();
}

absl::Status JsonMessageWriter::AnyMember(const MessagePlan& plan, std::string_view bytes, int depth) {
  const Frame frame(*this, plan);
  if (!Scan(plan, bytes, frame)) return MalformedAnswer();
  for (const FieldPlan& field : plan.fields) {
    const Chain chain = ChainOf(plan, field, frame);
    if (chain.first != kNone) return FieldValue(field, chain, depth);
  }
  out_->append("null");
  return absl::OkStatus();
}

absl::Status JsonMessageWriter::Time(WellKnown kind, std::string_view bytes) {
  SecondsAndNanos time;
  wire::Reader reader(bytes);
  wire::Field part;
  while (!reader.done()) {
    if (!reader.Next(&part)) return MalformedAnswer();
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

absl::Status JsonMessageWriter::FieldMask(std::string_view bytes) {
  wire::Reader reader(bytes);
  wire::Field part;
  std::string text;
  while (!reader.done()) {
    if (!reader.Next(&part)) return MalformedAnswer();
    if (part.number != 1 || part.type != wire::Type::kBytes) continue;
    if (!text.empty()) text.push_back(',');
    AppendMaskPath(part.bytes, &text);
  }
  json::AppendString(text, out_);
  return absl::OkStatus();
}

void JsonMessageWriter::AppendMaskPath(std::string_view path, std::string* text) const {
  if (style_.proto_field_names) {
    text->append(path);
    return;
  }
  for (size_t i = 0; i < path.size(); ++i) {
    const bool starts_word = path[i] == '_' && i + 1 < path.size();
    text->push_back(starts_word ? absl::ascii_toupper(static_cast<unsigned char>(path[++i])) : path[i]);
  }
}

}  // namespace gateway
