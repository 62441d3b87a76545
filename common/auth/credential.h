#pragma once

#include <string_view>

namespace auth {

// What a caller shows to be let in: a bearer token, or where that is empty the session cookie of a browser. Views,
// which live as long as what they were taken from; none of it has been checked.
struct Credential {
  // What stood behind `Bearer `.
  std::string_view token = {};
  // The `Cookie` header.
  std::string_view cookie = {};
  // The `Origin` header that came with the cookie; empty where there was none.
  std::string_view origin = {};
};

}  // namespace auth
