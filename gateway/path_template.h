#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace gateway {

// A path template as google.api.http defines it, parsed:
//
//   Template = "/" Segments [ ":" LITERAL ]    Segment  = "*" | "**" | LITERAL | Variable
//   Variable = "{" FieldPath [ "=" Segments ] "}"
//
// `**` stands for zero or more segments, at most once, and only literals may follow it. A value: immutable once parsed.
class PathTemplate {
 public:
  enum class Kind { kLiteral, kSingle, kMulti };
  struct Segment {
    Kind kind;
    std::string literal;  // with kLiteral; percent escapes as they were written
    bool operator==(const Segment&) const = default;
  };
  // The segments [first, first + count) give the field its value.
  struct Variable {
    std::vector<std::string> field_path;
    size_t first;
    size_t count;
    // Whether the value may hold several segments: %2F then stays encoded.
    bool is_multi;
  };

  // Fails with INVALID_ARGUMENT that says what is wrong and where.
  static absl::StatusOr<PathTemplate> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<Variable>& variables() const { return variables_; }
  // Without the colon; empty where there is none.
  const std::string& verb() const { return verb_; }

 private:
  friend class PathTemplateParser;

  std::string text_;
  std::vector<Segment> segments_;
  std::vector<Variable> variables_;
  std::string verb_;
};

}  // namespace gateway
