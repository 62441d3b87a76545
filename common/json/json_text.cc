#include "common/json/json_text.h"

#include <simdjson.h>

#include <bit>
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

// Which of eight bytes cannot stand in a string as they are: control characters, `"`, `\\`, DEL, and what is no ASCII.
// The arithmetic is that of a byte each, in one word: it sets the top bit of such a byte. Borrows may set it in bytes
// above one, so only the lowest tells where.
uint64_t SpecialBytes(uint64_t word) {
  constexpr uint64_t kTops = 0x8080808080808080;
  const auto holds_zero = [](uint64_t bytes) { return (bytes - kOnes) & ~bytes; };
  const uint64_t control = (word - kOnes * 0x20) & ~word;
  const uint64_t special =
      holds_zero(word ^ (kOnes * '"')) | holds_zero(word ^ (kOnes * '\\')) | holds_zero(word ^ (kOnes * 0x7f));
  return (word | control | special) & kTops;
}

// How many bytes at the front of `text` can stand in a string as they are.
size_t PlainPrefix(std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  size_t size = 0;
  for (; size + sizeof(uint64_t) <= text.size(); size += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, text.data() + size, sizeof word);
    if (const uint64_t special = SpecialBytes(word)) return size + static_cast<size_t>(std::countr_zero(special)) / 8;
  }
  const size_t rest = text.size() - size;
  if (rest == 0) return size;
  // Filled up with zeros, which cannot. A copy of so many bytes as are left would take longer than all before.
  uint64_t word = 0;
  if (text.size() >= sizeof word) {
    std::memcpy(&word, text.data() + text.size() - sizeof word, sizeof word);
    word >>= 8 * (sizeof word - rest);
  } else {
    for (size_t i = rest; i-- > 0;) word = word << 8 | static_cast<uint8_t>(text[size + i]);
  }
  return size + static_cast<size_t>(std::countr_zero(SpecialBytes(word))) / 8;
}

// How many bytes at the front of `text` are valid UTF-8 beyond ASCII.
size_t NonAsciiPrefix(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && static_cast<uint8_t>(text[size]) >= 0x80) {
    const size_t length = SequenceLength(text.substr(size));
    if (length == 0) break;
    size += length;
  }
  return size;
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
  for (size_t i = PlainPrefix(text); i < text.size(); i += PlainPrefix(text.substr(i))) {
    if (const size_t length = NonAsciiPrefix(text.substr(i)); length > 0) {
      i += length;
      continue;
    }
    out->append(text, clean_from, i - clean_from);
    const auto c = static_cast<uint8_t>(text[i]);
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
