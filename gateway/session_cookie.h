#pragma once

#include <optional>
#include <string>

#include "common/http/request_head.h"
#include "gateway/problem.h"

namespace gateway {

// Picks Better Auth's session cookies out of a request: those whose name ends in `better-auth.session_token`, so that
// of `__Secure-` too. No other cookie gets into `cookie`, which has the form of a Cookie header and stays empty where
// there is no session.
//
// Several Cookie headers are one list (RFC 9113 section 8.2.3: a proxy that speaks HTTP/2 may pass them on in pieces).
// One name given twice is refused with 400: which of the two counts is a guess, and a cookie that was planted from a
// neighbouring domain must not win it. So is a value that metadata cannot carry.
std::optional<Problem> FindSessionCookies(const http::RequestHead& head, std::string* cookie);

}  // namespace gateway
