#pragma once

#include <string_view>

#include "absl/strings/string_view.h"

namespace gateway {

// Debian builds absl::string_view as a class of its own.
inline absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace gateway
