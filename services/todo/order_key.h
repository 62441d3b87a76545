#pragma once

#include <string_view>

namespace todo {

// Whether `text` is an order key (a fractional index): 2 to 128 digits of [0-9A-Za-z], of which the first says how long
// the whole part is and what follows that is a fraction without a trailing zero. Compared byte by byte, there is a key
// between any two, before any and behind any.
bool IsOrderKey(std::string_view text);

}  // namespace todo
