#include "services/todo/order_key.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace todo {
namespace {

constexpr size_t kMaxLength = 128;

// How long the whole part is, its first character included: `a` to `z` for 2 to 27, `Z` to `A` for the same below.
size_t WholeLength(char first) {
  return absl::ascii_islower(static_cast<unsigned char>(first)) ? static_cast<size_t>(first - 'a') + 2
                                                                : static_cast<size_t>('Z' - first) + 2;
}

bool IsDigit(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

}  // namespace

bool IsOrderKey(std::string_view text) {
  if (text.empty() || text.size() > kMaxLength || !absl::ascii_isalpha(static_cast<unsigned char>(text[0])))
    return false;
  const size_t whole = WholeLength(text[0]);
  if (text.size() < whole || !std::all_of(text.begin(), text.end(), IsDigit)) return false;
  if (text.size() > whole) return text.back() != '0';
  // Nothing could come before the smallest whole part.
  return text[0] != 'A' || text.find_first_not_of('0', 1) != std::string_view::npos;
}

}  // namespace todo
