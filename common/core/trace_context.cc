#include "common/core/trace_context.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include "absl/strings/ascii.h"

namespace common {
namespace {

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

void AppendRandomHex(size_t digits, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  thread_local std::mt19937_64 generator{std::random_device{}()};
  uint64_t bits = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (i % 16 == 0) bits = generator();
    out->push_back(kHex[bits & 15]);
    bits >>= 4;
  }
}

}  // namespace

bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
  });
}

bool IsTraceparent(std::string_view text) {
  return text.size() == 55 && text.substr(0, 3) == "00-" && text[35] == '-' && text[52] == '-' &&
         IsLowerHex(text.substr(3, 32)) && IsLowerHex(text.substr(36, 16)) && IsLowerHex(text.substr(53)) &&
         !IsZero(text.substr(3, 32)) && !IsZero(text.substr(36, 16));
}

std::string RequestIdOr(std::string_view given) { return IsRequestId(given) ? std::string(given) : MakeRequestId(); }

std::string TraceparentOr(std::string_view given) {
  return IsTraceparent(given) ? std::string(given) : MakeTraceparent();
}

std::string MakeRequestId() {
  std::string id;
  AppendRandomHex(32, &id);
  return id;
}

std::string MakeTraceparent() {
  std::string text = "00-";
  AppendRandomHex(32, &text);
  text.push_back('-');
  AppendRandomHex(16, &text);
  text.append("-01");
  return text;
}

std::string_view TraceIdOf(std::string_view traceparent) { return traceparent.substr(3, 32); }

}  // namespace common
