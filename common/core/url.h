#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace common {

// An absolute http or https URL (RFC 3986), as configuration gives it. A value: immutable once parsed.
class Url {
 public:
  // Refuses, naming what is wrong: other schemes, an empty host, a port outside 1..65535, user information, a query, a
  // fragment, white space and control characters.
  static absl::StatusOr<Url> Parse(std::string_view text);

  // `http` or `https`.
  const std::string& scheme() const { return scheme_; }
  // In lower case, without the brackets of an IPv6 literal.
  const std::string& host() const { return host_; }
  // The scheme's default where the URL names none.
  uint16_t port() const { return port_; }
  // Empty, or begins with `/` and has no trailing slash.
  const std::string& path() const { return path_; }

  // The origin in its serialized form (RFC 6454 section 6.2): without the scheme's default port.
  std::string Origin() const;
  // The URL again, without a trailing slash.
  std::string ToString() const { return Origin() + path_; }
  // Whether the host is `localhost`, in 127.0.0.0/8, or ::1.
  bool IsLoopback() const;

 private:
  std::string scheme_;
  std::string host_;
  uint16_t port_ = 0;
  std::string path_;
};

}  // namespace common
