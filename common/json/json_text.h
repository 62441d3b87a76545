#pragma once

#include <string>
#include <string_view>

namespace json {

// Appends `text` to `out` as a JSON string (RFC 8259 section 7), quotes included. Control characters, `"` and `\` are
// escaped; bytes that are no valid UTF-8 become U+FFFD, so the result is always valid JSON.
void AppendString(std::string_view text, std::string* out);

// Whether `text` is valid UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF.
bool IsValidUtf8(std::string_view text);

}  // namespace json
