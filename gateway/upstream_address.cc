#include "gateway/upstream_address.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gateway/text.h"

namespace gateway {
namespace {

bool IsIp(absl::string_view host) {
  boost::system::error_code error;
  boost::asio::ip::make_address(std::string(host), error);
  return !error;
}

bool IsName(absl::string_view host) {
  const auto fits = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  };
  return !host.empty() && std::all_of(host.begin(), host.end(), fits);
}

absl::Status CheckHostAndPort(absl::string_view text, bool must_be_ip) {
  const size_t colon = text.rfind(':');
  const absl::string_view port = colon == absl::string_view::npos ? "" : text.substr(colon + 1);
  int number = 0;
  const bool is_port = port.find_first_not_of("0123456789") == absl::string_view::npos &&
                       absl::SimpleAtoi(port, &number) && number > 0 && number <= 65535;
  if (!is_port) return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" has no port between 1 and 65535"));
  absl::string_view host = text.substr(0, colon);
  const bool is_bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  if (is_bracketed ? IsIp(host) : must_be_ip ? IsIp(host) : IsName(host)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" has no ", must_be_ip ? "IP address" : "host"));
}

}  // namespace

absl::Status CheckUpstreamAddress(std::string_view address) {
  absl::string_view rest = View(address);
  if (absl::ConsumePrefix(&rest, "unix:") || absl::ConsumePrefix(&rest, "unix-abstract:")) {
    return rest.empty() ? absl::InvalidArgumentError("names no socket") : absl::OkStatus();
  }
  if (absl::ConsumePrefix(&rest, "dns:")) {
    if (absl::ConsumePrefix(&rest, "//")) {
      const size_t slash = rest.find('/');
      if (slash == absl::string_view::npos) return absl::InvalidArgumentError("wants dns:///NAME:PORT");
      rest.remove_prefix(slash + 1);
    }
    return CheckHostAndPort(rest, /*must_be_ip=*/false);
  }
  const bool has_scheme = absl::ConsumePrefix(&rest, "ipv4:") || absl::ConsumePrefix(&rest, "ipv6:");
  const std::vector<absl::string_view> all = absl::StrSplit(rest, ',');
  for (const absl::string_view one : all) {
    if (absl::Status status = CheckHostAndPort(one, has_scheme || all.size() > 1); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace gateway
