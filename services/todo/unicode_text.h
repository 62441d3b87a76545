#pragma once

#include <cstddef>
#include <string_view>

namespace todo {

// Text as people see it: UTF-8 (RFC 3629) counted and trimmed by Unicode characters, not bytes. `text` must be valid
// UTF-8, which protobuf has checked of every string of a request.

// How many Unicode characters (code points) `text` has.
size_t CountCharacters(std::string_view text);

// `text` without the white space (Unicode's White_Space) at its ends.
std::string_view TrimWhiteSpace(std::string_view text);

// Whether `text` holds a control character (Unicode's category Cc: U+0000 to U+001F, U+007F to U+009F).
bool HasControlCharacter(std::string_view text);

}  // namespace todo
