#include "gateway/entity_tag.h"

#include <algorithm>
#include <vector>

#include "absl/strings/strip.h"
#include "gateway/text.h"

namespace gateway {
namespace {

struct Tag {
  bool is_weak = false;
  std::string_view opaque;
};

void SkipSpace(std::string_view* text) {
  while (!text->empty() && (text->front() == ' ' || text->front() == '\t')) text->remove_prefix(1);
}

// One tag off the front of a list. A comma may be part of a tag.
std::optional<Tag> TakeTag(std::string_view* text) {
  Tag tag;
  if (text->substr(0, 2) == "W/") {
    tag.is_weak = true;
    text->remove_prefix(2);
  }
  if (text->empty() || text->front() != '"') return std::nullopt;
  const size_t end = text->find('"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  tag.opaque = text->substr(1, end - 1);
  text->remove_prefix(end + 1);
  if (!tag.opaque.empty() && !IsOpaqueTag(tag.opaque)) return std::nullopt;
  return tag;
}

// Nothing where the list is malformed. Empty elements are passed over (RFC 9110 section 5.6.1.2).
std::optional<std::vector<Tag>> ParseTags(std::string_view text) {
  std::vector<Tag> tags;
  while (true) {
    SkipSpace(&text);
    if (!text.empty() && text.front() != ',') {
      const std::optional<Tag> tag = TakeTag(&text);
      if (!tag) return std::nullopt;
      tags.push_back(*tag);
      SkipSpace(&text);
    }
    if (text.empty()) return tags;
    if (text.front() != ',') return std::nullopt;
    text.remove_prefix(1);
  }
}

}  // namespace

bool IsOpaqueTag(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c != '"' && c != 0x7f; });
}

std::optional<Problem> ReadIfMatch(const http::RequestHead& head, std::string* tag) {
  const std::optional<std::string_view> header = head.Find("if-match");
  if (!header || *header == "*") return std::nullopt;
  const std::optional<std::vector<Tag>> tags = ParseTags(*header);
  if (!tags || tags->empty() || head.Count("if-match") > 1) {
    return MakeProblem(400, "If-Match must be * or one entity tag in quotes");
  }
  if (tags->size() > 1) return MakeProblem(400, "If-Match may name only one entity tag here");
  const Tag& only = tags->front();
  if (only.is_weak || only.opaque.empty()) return MakeProblem(412, "the entity tag is not the current one");
  *tag = std::string(only.opaque);
  return std::nullopt;
}

bool NoneMatchHolds(const http::RequestHead& head, std::string_view tag) {
  for (const http::HeaderField& field : head.fields) {
    if (!http::IsNamed(field, "if-none-match")) continue;
    if (field.value == "*") return true;
    const std::optional<std::vector<Tag>> tags = ParseTags(field.value);
    if (!tags) continue;
    if (std::any_of(tags->begin(), tags->end(), [tag](const Tag& t) { return t.opaque == tag; })) return true;
  }
  return false;
}

}  // namespace gateway
