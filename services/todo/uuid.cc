#include "services/todo/uuid.h"

#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/ascii.h"

namespace todo {
namespace {

constexpr size_t kTextLength = 36;

bool IsHyphenPosition(size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

std::string ToText(const std::array<uint8_t, 16>& bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(kTextLength);
  for (const uint8_t byte : bytes) {
    if (IsHyphenPosition(text.size())) text.push_back('-');
    text.push_back(kHex[byte >> 4]);
    text.push_back(kHex[byte & 15]);
  }
  return text;
}

}  // namespace

bool IsUuid(std::string_view text) {
  if (text.size() != kTextLength) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (IsHyphenPosition(i) ? c != '-' : !absl::ascii_isxdigit(c)) return false;
  }
  return true;
}

std::string NewUuid(absl::Time now) {
  std::array<uint8_t, 16> bytes;
  // Without randomness ids could repeat: there is no going on.
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) std::abort();
  const auto milliseconds = static_cast<uint64_t>(absl::ToUnixMillis(now));
  for (size_t i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(milliseconds >> (40 - 8 * i));
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x70);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  return ToText(bytes);
}

}  // namespace todo
