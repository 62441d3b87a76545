#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/json_reader.h"
#include "gateway/message_plan.h"

namespace gateway {

// One reading of JSON into wire bytes: what json_reader.h does, in its parts. Not thread-safe; for one use.
class JsonMessageReader {
 public:
  using Problem = std::optional<BindingError>;
  using Element = simdjson::dom::element;

  // `options` and `out` must outlive this.
  JsonMessageReader(const JsonReadOptions& options, std::string* out)
      : options_(options), sent_(options.sent), out_(out) {}

  // The content of a message, without tag and length.
  Problem Content(const MessagePlan& message, Element value);
  // A field with its tag.
  Problem Field(const FieldPlan& field, Element value);

 private:
  // The members of an object but for the one named `skipped`.
  Problem Fields(const MessagePlan& message, Element value, std::string_view skipped = {});
  // Reads a field, noting its path where paths are wanted.
  Problem NoteAndRead(const FieldPlan& field, Element value);
  Problem List(const FieldPlan& field, Element value);
  Problem Elements(const FieldPlan& field, simdjson::dom::array array, bool with_tags);
  Problem Map(const FieldPlan& field, Element value);
  // One value, without its tag.
  Problem Value(const FieldPlan& field, Element value);
  // A message as a value: length and content.
  Problem Message(const MessagePlan& message, Element value);

  // Those that have a JSON form of their own.
  Problem AnyContent(const MessagePlan& message, Element value);
  Problem StructContent(const MessagePlan& message, Element value);
  Problem ListContent(const MessagePlan& message, Element value);
  Problem ValueContent(const MessagePlan& message, Element value);
  Problem WrapperContent(const MessagePlan& message, Element value);
  // Timestamp, Duration, FieldMask, with their length.
  Problem FromText(const MessagePlan& message, Element value);

  const JsonReadOptions& options_;
  std::vector<std::string>* sent_;
  std::string* out_;
  std::string path_;  // of the message being read; kept only where paths are wanted
};

// The problem of a value itself.
inline std::optional<BindingError> WrongValue(std::string message) { return BindingError{"", std::move(message)}; }
// Puts `name` before the path of a problem from further inside.
std::optional<BindingError> WithinField(std::string_view name, std::optional<BindingError> error);

// Whether null is a value of the field and not the lack of one.
bool TakesNull(const FieldPlan& field);

}  // namespace gateway
