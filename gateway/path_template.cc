#include "gateway/path_template.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gateway/percent_encoding.h"
#include "gateway/text.h"

namespace gateway {

class PathTemplateParser {
 public:
  explicit PathTemplateParser(std::string_view text) : rest_(text) { result_.text_ = std::string(text); }

  absl::StatusOr<PathTemplate> Parse() {
    if (!Take('/')) return Wrong("must begin with /");
    if (absl::Status status = ParseSegments(/*inside_variable=*/false); !status.ok()) return status;
    if (Take(':')) {
      result_.verb_ = std::string(TakeLiteral());
      if (result_.verb_.empty()) return Wrong("has an empty verb");
    }
    if (!rest_.empty()) return Wrong(absl::StrCat("has unexpected characters: ", View(rest_)));
    if (!PercentDecode(result_.text_)) return Wrong("holds a malformed percent escape");
    if (absl::Status status = CheckMulti(); !status.ok()) return status;
    if (absl::Status status = CheckVariables(); !status.ok()) return status;
    return std::move(result_);
  }

 private:
  absl::Status Wrong(std::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat("path template \"", result_.text_, "\" ", View(what)));
  }

  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // RFC 3986's unreserved characters and sub-delims, and percent escapes.
  std::string_view TakeLiteral() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), [](unsigned char c) {
      return absl::ascii_isalnum(c) ||
             (c != 0 && std::string_view("-._~!$&'()+,;@%").find(static_cast<char>(c)) != std::string_view::npos);
    });
    const std::string_view literal = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(literal.size());
    return literal;
  }

  absl::Status ParseSegments(bool inside_variable) {
    do {
      if (absl::Status status = ParseSegment(inside_variable); !status.ok()) return status;
    } while (Take('/'));
    return absl::OkStatus();
  }

  absl::Status ParseSegment(bool inside_variable) {
    if (Take('{')) {
      if (inside_variable) return Wrong("nests a variable in a variable");
      return ParseVariable();
    }
    if (Take('*')) {
      const bool is_multi = Take('*');
      if (!rest_.empty() && rest_.front() == '*') return Wrong("has a segment of more than two asterisks");
      result_.segments_.push_back({is_multi ? PathTemplate::Kind::kMulti : PathTemplate::Kind::kSingle, ""});
      return CheckSegmentEnd();
    }
    const std::string_view literal = TakeLiteral();
    if (literal.empty()) return Wrong("has an empty segment");
    result_.segments_.push_back({PathTemplate::Kind::kLiteral, std::string(literal)});
    return CheckSegmentEnd();
  }

  absl::Status CheckSegmentEnd() const {
    if (rest_.empty() || rest_.front() == '/' || rest_.front() == ':' || rest_.front() == '}') return absl::OkStatus();
    return Wrong("mixes a literal, an asterisk or a variable in one segment");
  }

  absl::Status ParseVariable() {
    PathTemplate::Variable variable;
    do {
      const std::string_view name = TakeIdentifier();
      if (name.empty()) return Wrong("has a variable without a field name");
      variable.field_path.emplace_back(name);
    } while (Take('.'));
    variable.first = result_.segments_.size();
    if (Take('=')) {
      if (absl::Status status = ParseSegments(/*inside_variable=*/true); !status.ok()) return status;
    } else {
      result_.segments_.push_back({PathTemplate::Kind::kSingle, ""});
    }
    if (!Take('}')) return Wrong("has a variable without a closing brace");
    variable.count = result_.segments_.size() - variable.first;
    const auto begin = result_.segments_.begin() + static_cast<std::ptrdiff_t>(variable.first);
    variable.is_multi = variable.count > 1 || begin->kind == PathTemplate::Kind::kMulti;
    result_.variables_.push_back(std::move(variable));
    if (!rest_.empty() && rest_.front() == '}') return Wrong("has a closing brace too many");
    return CheckSegmentEnd();
  }

  std::string_view TakeIdentifier() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(),
                                      [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; });
    const std::string_view name = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    if (!name.empty() && absl::ascii_isdigit(static_cast<unsigned char>(name.front()))) return {};
    rest_.remove_prefix(name.size());
    return name;
  }

  absl::Status CheckMulti() const {
    bool seen = false;
    for (const PathTemplate::Segment& segment : result_.segments_) {
      if (seen && segment.kind != PathTemplate::Kind::kLiteral) return Wrong("has an asterisk or a variable behind **");
      seen = seen || segment.kind == PathTemplate::Kind::kMulti;
    }
    return absl::OkStatus();
  }

  absl::Status CheckVariables() const {
    for (size_t i = 0; i < result_.variables_.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (result_.variables_[i].field_path != result_.variables_[j].field_path) continue;
        return Wrong(absl::StrCat("binds \"", absl::StrJoin(result_.variables_[i].field_path, "."), "\" twice"));
      }
    }
    return absl::OkStatus();
  }

  std::string_view rest_;
  PathTemplate result_;
};

absl::StatusOr<PathTemplate> PathTemplate::Parse(std::string_view text) { return PathTemplateParser(text).Parse(); }

}  // namespace gateway
