#pragma once

#include <string_view>

namespace gateway {

// On every answer.
inline constexpr std::string_view kSecurityHeaders =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: strict-origin-when-cross-origin\r\n";

// What a page made of an answer may load: nothing, unless the answer says otherwise.
inline constexpr std::string_view kNoContent =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";

// On answers of the API, which no cache may keep, unless they have an entity tag to ask again with.
inline constexpr std::string_view kNoStore = "Cache-Control: no-store\r\n";
inline constexpr std::string_view kRevalidate = "Cache-Control: private, no-cache\r\n";

// On every answer over TLS (RFC 6797): a year.
inline constexpr std::string_view kTlsOnly = "Strict-Transport-Security: max-age=31536000\r\n";

}  // namespace gateway
