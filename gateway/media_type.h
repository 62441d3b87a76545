#pragma once

#include <string_view>

namespace gateway {

// Whether a Content-Type says JSON (RFC 8259, RFC 6839 section 3.1): `application/json` or a type that ends in `+json`,
// with no charset but UTF-8.
bool IsJson(std::string_view content_type);

// Whether an Accept header (RFC 9110 section 12.5.1) takes application/json. An empty one takes anything.
bool AcceptsJson(std::string_view accept);

}  // namespace gateway
