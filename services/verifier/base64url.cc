#include "services/verifier/base64url.h"

#include <array>
#include <cstdint>

namespace verifier {
namespace {

constexpr uint8_t kInvalid = 0xff;

constexpr std::array<uint8_t, 256> MakeTable() {
  std::array<uint8_t, 256> table{};
  for (uint8_t& entry : table) entry = kInvalid;
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (size_t i = 0; i < kAlphabet.size(); ++i) table[static_cast<uint8_t>(kAlphabet[i])] = static_cast<uint8_t>(i);
  return table;
}

constexpr std::array<uint8_t, 256> kTable = MakeTable();

}  // namespace

std::optional<std::string> DecodeBase64Url(std::string_view text) {
  const size_t rest = text.size() % 4;
  if (rest == 1) return std::nullopt;
  std::string bytes(text.size() * 3 / 4, '\0');
  char* out = bytes.data();
  const auto* in = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* const last = in + text.size() - rest;
  // A character outside the alphabet sets bits that no value has, and they stay set.
  uint8_t seen = 0;
  for (; in != last; in += 4, out += 3) {
    const uint32_t a = kTable[in[0]], b = kTable[in[1]], c = kTable[in[2]], d = kTable[in[3]];
    seen |= static_cast<uint8_t>(a | b | c | d);
    const uint32_t group = a << 18 | b << 12 | c << 6 | d;
    out[0] = static_cast<char>(group >> 16);
    out[1] = static_cast<char>(group >> 8);
    out[2] = static_cast<char>(group);
  }
  if (rest >= 2) {
    const uint32_t a = kTable[in[0]], b = kTable[in[1]], c = rest == 3 ? kTable[in[2]] : 0;
    seen |= static_cast<uint8_t>(a | b | c);
    const uint32_t group = a << 18 | b << 12 | c << 6;
    out[0] = static_cast<char>(group >> 16);
    if (rest == 3) out[1] = static_cast<char>(group >> 8);
    // The bits that no byte takes must be zero, or several texts would stand for the same bytes.
    if ((group & (rest == 3 ? 0xff : 0xffff)) != 0) return std::nullopt;
  }
  if ((seen & 0xc0) != 0) return std::nullopt;
  return bytes;
}

}  // namespace verifier
