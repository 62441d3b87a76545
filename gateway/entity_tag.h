#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/http/request_head.h"
#include "gateway/problem.h"

namespace gateway {

// Entity tags (RFC 9110 sections 8.8.3 and 13.1).

// Whether `text` can stand between the quotes of a tag.
bool IsOpaqueTag(std::string_view text);

// The tag of `If-Match`, without quotes; empty where there is none or it is `*`. Fails with 400 where the header is
// malformed or lists more than one tag, and with 412 for a weak tag, which never matches.
std::optional<Problem> ReadIfMatch(const http::RequestHead& head, std::string* tag);

// Whether `If-None-Match` names the tag, weakly compared, or is `*`.
bool NoneMatchHolds(const http::RequestHead& head, std::string_view tag);

}  // namespace gateway
