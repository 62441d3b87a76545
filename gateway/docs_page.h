#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/api_description.h"

namespace gateway {

// The operations as a page for people: HTML that needs nothing but kDocsStyle, at `/docs/style.css`. No scripts. Pure.
std::string WriteDocsPage(const std::vector<OperationDescription>& operations);

extern const std::string_view kDocsStyle;

// What the page may load: its own style, and nothing else.
inline constexpr std::string_view kDocsPolicy =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n";

}  // namespace gateway
