#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace todo {

// Whether `text` is a UUID in its 36-character form (RFC 9562 section 4), in either case.
bool IsUuid(std::string_view text);

// A new UUID of version 7 (RFC 9562 section 5.7) in lower case: ids made one after the other lie together in an index.
std::string NewUuid(absl::Time now);

}  // namespace todo
