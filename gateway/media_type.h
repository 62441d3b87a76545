#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace gateway {

// Whether a Content-Type says JSON (RFC 8259, RFC 6839 section 3.1): `application/json` or a type that ends in `+json`,
// with no charset but UTF-8.
bool IsJson(std::string_view content_type);

// Which of the types that are offered, best first, an Accept header (RFC 9110 section 12.5.1) wants most. Nothing where
// it takes none of them. An empty one takes anything.
std::optional<size_t> ChooseMediaType(std::string_view accept, const std::vector<std::string_view>& offers);

// Whether it takes application/json.
bool AcceptsJson(std::string_view accept);

}  // namespace gateway
