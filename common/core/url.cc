#include "common/core/url.h"

#include <arpa/inet.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace common {
namespace {

absl::Status Wrong(std::string_view what) { return absl::InvalidArgumentError({what.data(), what.size()}); }

bool HasForbiddenByte(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7f; });
}

uint16_t DefaultPort(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

bool IsRegisteredName(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
  });
}

}  // namespace

absl::StatusOr<Url> Url::Parse(std::string_view text) {
  if (HasForbiddenByte(text)) return Wrong("holds white space, a control character or a byte outside ASCII");
  const size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return Wrong("is no absolute URL: it must begin with https:// or http://");
  Url url;
  const std::string_view scheme = text.substr(0, scheme_end);
  url.scheme_ = absl::AsciiStrToLower({scheme.data(), scheme.size()});
  if (url.scheme_ != "http" && url.scheme_ != "https") return Wrong("must begin with https:// or http://");
  std::string_view rest = text.substr(scheme_end + 3);
  if (rest.find_first_of("?#") != std::string_view::npos) return Wrong("must not hold a query or a fragment");
  const size_t path_start = rest.find('/');
  std::string_view authority = rest.substr(0, path_start);
  std::string_view path = path_start == std::string_view::npos ? std::string_view() : rest.substr(path_start);
  if (authority.find('@') != std::string_view::npos) return Wrong("must not hold a user name or password");
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  url.path_ = std::string(path);

  std::string_view port;
  bool has_port = false;
  if (!authority.empty() && authority.front() == '[') {
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) return Wrong("has an IPv6 address without a closing bracket");
    url.host_ = std::string(authority.substr(1, end - 1));
    in6_addr address;
    if (inet_pton(AF_INET6, url.host_.c_str(), &address) != 1) return Wrong("has a malformed IPv6 address");
    authority.remove_prefix(end + 1);
    if (!authority.empty() && authority.front() != ':') return Wrong("has characters behind the IPv6 address");
    has_port = !authority.empty();
    if (has_port) port = authority.substr(1);
  } else {
    const size_t colon = authority.find(':');
    const std::string_view host = authority.substr(0, colon);
    url.host_ = absl::AsciiStrToLower({host.data(), host.size()});
    has_port = colon != std::string_view::npos;
    if (has_port) port = authority.substr(colon + 1);
    if (!IsRegisteredName(url.host_)) return Wrong("has no valid host name");
  }
  uint32_t number = DefaultPort(url.scheme_);
  if (has_port) {
    const bool digits = !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), absl::ascii_isdigit);
    if (!digits || !absl::SimpleAtoi(absl::string_view(port.data(), port.size()), &number) || number < 1 ||
        number > 65535) {
      return Wrong("has a port that is not a number from 1 to 65535");
    }
  }
  url.port_ = static_cast<uint16_t>(number);
  return url;
}

std::string Url::Origin() const {
  const bool is_ipv6 = host_.find(':') != std::string::npos;
  std::string origin = absl::StrCat(scheme_, "://", is_ipv6 ? "[" : "", host_, is_ipv6 ? "]" : "");
  if (port_ != DefaultPort(scheme_)) absl::StrAppend(&origin, ":", port_);
  return origin;
}

bool Url::IsLoopback() const {
  if (host_ == "localhost" || host_ == "::1") return true;
  in_addr address;
  return inet_pton(AF_INET, host_.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

}  // namespace common
