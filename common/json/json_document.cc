#include "common/json/json_document.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace json {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// Finds a name that stands twice. Few names are compared pairwise, many are sorted: an object of 10,000 names must not
// cost 10^8 comparisons.
const std::string_view* FindDuplicate(std::vector<std::string_view>& names) {
  constexpr size_t kFew = 8;
  if (names.size() <= kFew) {
    for (size_t i = 0; i < names.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (names[i] == names[j]) return &names[i];
      }
    }
    return nullptr;
  }
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end());
  return twin == names.end() ? nullptr : &*twin;
}

absl::Status TooDeep(int max_depth) {
  return absl::InvalidArgumentError(absl::StrCat("nests deeper than ", max_depth, " levels"));
}

// Checks the names, and that `value` at this depth nests no deeper than `max_depth`.
absl::Status CheckNamesAndDepth(element value, int depth, int max_depth) {
  if (value.type() == element_type::ARRAY) {
    if (depth == max_depth) return TooDeep(max_depth);
    for (element child : simdjson::dom::array(value)) {
      if (absl::Status status = CheckNamesAndDepth(child, depth + 1, max_depth); !status.ok()) return status;
    }
  } else if (value.type() == element_type::OBJECT) {
    if (depth == max_depth) return TooDeep(max_depth);
    std::vector<std::string_view> names;
    for (const auto& field : simdjson::dom::object(value)) {
      names.push_back(field.key);
      if (absl::Status status = CheckNamesAndDepth(field.value, depth + 1, max_depth); !status.ok()) return status;
    }
    if (const std::string_view* name = FindDuplicate(names)) {
      return absl::InvalidArgumentError(absl::StrCat("the name \"", View(*name), "\" stands twice in one object"));
    }
  }
  return absl::OkStatus();
}

bool IsBeyond64Bits(absl::string_view integer) {
  int64_t number;
  uint64_t positive;
  return !absl::SimpleAtoi(integer, &number) && !absl::SimpleAtoi(integer, &positive);
}

// The text with an exponent behind each integer beyond 64 bits, which makes a double of it; nothing else is changed, so
// that what is malformed stays so.
std::string WithBigIntegersAsDoubles(std::string_view text) {
  std::string changed;
  for (size_t i = 0; i < text.size();) {
    const size_t begin = i;
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
      i = std::min(i + 1, text.size());
    } else {
      i = std::min(text.find_first_not_of("+-.0123456789eE", i), text.size());
      const bool is_integer = text.substr(begin, i - begin).find_first_of(".eE") == std::string_view::npos;
      if (i > begin && is_integer && IsBeyond64Bits(View(text.substr(begin, i - begin)))) {
        changed.append(text, begin, i - begin).append("e0");
        continue;
      }
      i = std::max(i, begin + 1);
    }
    changed.append(text, begin, i - begin);
  }
  return changed;
}

}  // namespace

absl::StatusOr<Document> Document::Parse(std::string_view text, Limits limits) {
  Document document;
  document.parser_ = std::make_unique<simdjson::dom::parser>();
  // Some releases of simdjson skip a byte-order mark; RFC 8259 section 8.1 lets a parser refuse it.
  if (text.substr(0, 3) == "\xef\xbb\xbf") return absl::InvalidArgumentError("begins with a byte-order mark");
  // simdjson's own limit counts an empty array or object as no level, so it only bounds the memory here.
  const auto depth = static_cast<size_t>(limits.max_depth) + 1;
  if (document.parser_->allocate(std::max<size_t>(text.size(), 32), depth) != simdjson::SUCCESS) {
    return absl::ResourceExhaustedError("no memory to parse the document");
  }
  simdjson::error_code error = document.parser_->parse(text.data(), text.size()).get(document.root_);
  if (error == simdjson::NUMBER_ERROR && limits.takes_big_integers) {
    error = document.parser_->parse(WithBigIntegersAsDoubles(text)).get(document.root_);
  }
  if (error == simdjson::DEPTH_ERROR) return TooDeep(limits.max_depth);
  if (error == simdjson::UTF8_ERROR) return absl::InvalidArgumentError("is not valid UTF-8");
  if (error == simdjson::EMPTY) return absl::InvalidArgumentError("is empty");
  if (error == simdjson::NUMBER_ERROR) {
    return absl::InvalidArgumentError("holds a malformed number or one beyond 64 bits");
  }
  if (error != simdjson::SUCCESS) return absl::InvalidArgumentError("is not valid JSON");
  if (absl::Status status = CheckNamesAndDepth(document.root_, 0, limits.max_depth); !status.ok()) return status;
  return document;
}

}  // namespace json
