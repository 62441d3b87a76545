#include "common/json/json_text.h"

#include <simdjson.h>

#include <cstdint>
#include <cstring>

namespace json {
namespace {

// The length of the valid UTF-8 sequence at the front of `text`, or 0 where there is none.
size_t SequenceLength(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  const size_t length = lead < 0x80                   ? 1
                        : lead >= 0xc2 && lead < 0xe0 ? 2
                        : lead >= 0xe0 && lead < 0xf0 ? 3
                        : lead >= 0xf0 && lead < 0xf5 ? 4
                                                      : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;  // overlong
  if (lead == 0xed && byte(1) > 0x9f) return 0;  // surrogate
  if (lead == 0xf0 && byte(1) < 0x90) return 0;  // overlong
  if (lead == 0xf4 && byte(1) > 0x8f) return 0;  // above U+10FFFF
  return length;
}

constexpr uint64_t kOnes = 0x0101010101010101;

// Whether each of eight bytes is ASCII that stands in a string as it is. The arithmetic is that of a byte each, in one
// word: a byte's top bit is set where it is below 0x20, equals `"` or `\\`, is DEL, or is no ASCII.
bool IsPlain(uint64_t word) {
  constexpr uint64_t kTops = 0x8080808080808080;
  const auto holds_zero = [](uint64_t bytes) { return (bytes - kOnes) & ~bytes; };
  const uint64_t control = (word - kOnes * 0x20) & ~word;
  const uint64_t special =
      holds_zero(word ^ (kOnes * '"')) | holds_zero(word ^ (kOnes * '\\')) | holds_zero(word ^ (kOnes * 0x7f));
  return ((word | control | special) & kTops) == 0;
}

// How many bytes at the front are plain, eight at a time.
size_t PlainPrefix(std::string_view text) {
  size_t size = 0;
  uint64_t word;
  for (; size + sizeof word <= text.size(); size += sizeof word) {
    std::memcpy(&word, text.data() + size, sizeof word);
    if (!IsPlain(word)) return size;
  }
  if (size == text.size()) return size;
  // The rest is filled up with what is plain.
  word = kOnes * 'a';
  std::memcpy(&word, text.data() + size, text.size() - size);
  return IsPlain(word) ? text.size() : size;
}

void AppendEscape(uint8_t c, std::string* out) {
  switch (c) {
    case '"':
      out->append("\\\"");
      return;
    case '\\':
      out->append("\\\\");
      return;
    case '\b':
      out->append("\\b");
      return;
    case '\f':
      out->append("\\f");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
    default: {
      static constexpr char kHex[] = "0123456789abcdef";
      const char escape[] = {'\\', 'u', '0', '0', kHex[c >> 4], kHex[c & 15]};
      out->append(escape, sizeof escape);
    }
  }
}

}  // namespace

bool IsValidUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

void AppendString(std::string_view text, std::string* out) {
  out->push_back('"');
  size_t clean_from = 0;  // what lies between here and `i` needs no change
  size_t i = PlainPrefix(text);
  const bool valid = i == text.size() || IsValidUtf8(text.substr(i));
  while (i < text.size()) {
    const auto c = static_cast<uint8_t>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\' && (c < 0x80 || valid)) {
      if (c != 0x7f) {
        ++i;
        continue;
      }
    }
    const size_t length = c >= 0x80 ? SequenceLength(text.substr(i)) : 0;
    if (length > 0) {
      i += length;
      continue;
    }
    out->append(text, clean_from, i - clean_from);
    if (c < 0x80) {
      AppendEscape(c, out);
    } else {
      out->append("\xef\xbf\xbd");
    }
    clean_from = ++i;
  }
  out->append(text, clean_from, text.size() - clean_from);
  out->push_back('"');
}

}  // namespace json
