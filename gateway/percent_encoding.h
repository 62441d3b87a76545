#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

// Decodes %XX (RFC 3986 section 2.1). Nothing where an escape is malformed.
std::optional<std::string> PercentDecode(std::string_view text);
// The same, but %2F stays as it is: for values of several path segments.
std::optional<std::string> PercentDecodeExceptSlash(std::string_view text);
// The same as PercentDecode, and `+` is a space: for query strings.
std::optional<std::string> QueryDecode(std::string_view text);

// Appends `text` with all but RFC 3986's unreserved characters escaped.
void AppendPercentEncoded(std::string_view text, std::string* out);

}  // namespace gateway
