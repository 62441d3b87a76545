#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "gateway/json_writer.h"
#include "gateway/wire.h"

namespace gateway {

// One writing of wire bytes as JSON: what json_writer.h does, in its parts. A message is scanned once, each field's
// values chained in the order of the wire, and then written in the order of declaration. Not thread-safe; for one use.
class JsonMessageWriter {
 public:
  // `style` and `out` must outlive this.
  JsonMessageWriter(const JsonStyle& style, std::string* out);

  absl::Status Message(const MessagePlan& plan, std::string_view bytes, int depth);
  // One field of a message as a value.
  absl::Status Field(const MessagePlan& plan, const FieldPlan& field, std::string_view bytes);

 private:
  static constexpr int kMaxDepth = 100;
  static constexpr uint32_t kNone = UINT32_MAX;
  // One value on the wire, chained to the next one of the same field.
  struct Occurrence {
    wire::Field value;
    uint32_t next = kNone;
  };
  struct Chain {
    uint32_t first = kNone;
    uint32_t last = kNone;
  };
  // The part of the scratch space that belongs to one message while it is written.
  struct Frame {
    Frame(JsonMessageWriter& writer, const MessagePlan& plan);
    ~Frame();
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    JsonMessageWriter& writer;
    const size_t occurrences;
    const size_t chains;
  };

  bool Scan(const MessagePlan& plan, std::string_view bytes, const Frame& frame);
  // What the wire holds of a field.
  Chain ChainOf(const MessagePlan& plan, const FieldPlan& field, const Frame& frame) const;
  // The same of a oneof's member: only the one set last is set, with what came after the others.
  Chain MemberOf(const MessagePlan& plan, const FieldPlan& field, Chain chain, const Frame& frame) const;
  absl::Status Object(const MessagePlan& plan, std::string_view bytes, int depth);
  // The members of an object, without braces.
  absl::Status Members(const MessagePlan& plan, std::string_view bytes, int depth, bool* is_first);
  // A field without presence that holds its default counts as not set, though it stands on the wire.
  bool IsImplicitDefault(const FieldPlan& field, const Chain& chain) const;
  bool EmitsUnset(const FieldPlan& field) const;
  void AppendDefault(const FieldPlan& field);
  absl::Status FieldValue(const FieldPlan& field, const Chain& chain, int depth);
  absl::Status Single(const FieldPlan& field, const Chain& chain, int depth);
  absl::Status List(const FieldPlan& field, const Chain& chain, int depth);
  absl::Status Packed(const FieldPlan& field, std::string_view bytes, bool* is_first);
  absl::Status Map(const FieldPlan& field, const Chain& chain, int depth);
  // Keys are strings in JSON, whatever their type.
  void Key(const FieldPlan& field, const wire::Field& key);
  void Comma(bool* is_first);

  // Those that have a JSON form of their own.
  absl::Status WellKnownMessage(const MessagePlan& plan, std::string_view bytes, int depth);
  absl::Status Any(const MessagePlan& plan, std::string_view bytes, int depth);
  // The value of a message's only field in place of the message. `empty` is for none; "" gives the default.
  absl::Status Inner(const MessagePlan& plan, const FieldPlan& field, std::string_view empty, std::string_view bytes,
                     int depth);
  // google.protobuf.Value: the member that is set; null where none is.
  absl::Status AnyMember(const MessagePlan& plan, std::string_view bytes, int depth);
  absl::Status Time(WellKnown kind, std::string_view bytes);
  absl::Status FieldMask(std::string_view bytes);
  void AppendMaskPath(std::string_view path, std::string* text) const;

  const JsonStyle& style_;
  std::string* out_;
  std::vector<Occurrence> occurrences_;
  std::vector<Chain> chains_;
};

// The error for wire bytes that are no valid message.
absl::Status MalformedAnswer();

}  // namespace gateway
