#include "common/http/address_set.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace http {
namespace {

using Bytes = std::array<uint8_t, 16>;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// IPv4 as ::ffff:a.b.c.d.
std::optional<Bytes> ParseAddress(absl::string_view text) {
  const std::string copy(text);
  Bytes bytes = {};
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return bytes;
  if (inet_pton(AF_INET, copy.c_str(), bytes.data() + 12) != 1) return std::nullopt;
  bytes[10] = bytes[11] = 0xff;
  return bytes;
}

// One entry of X-Forwarded-For without what some proxies write around the address: brackets, a port.
absl::string_view StripPort(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (absl::ConsumePrefix(&text, "[")) return text.substr(0, text.find(']'));
  return std::count(text.begin(), text.end(), ':') == 1 ? text.substr(0, text.find(':')) : text;
}

}  // namespace

absl::StatusOr<AddressSet> AddressSet::Create(const std::vector<std::string>& entries) {
  AddressSet set;
  for (const std::string& entry : entries) {
    const size_t slash = entry.find('/');
    const std::optional<Bytes> address = ParseAddress(absl::string_view(entry).substr(0, slash));
    const unsigned width = entry.find(':') == std::string::npos ? 32 : 128;
    unsigned prefix = width;
    const bool has_prefix = slash == std::string::npos || absl::SimpleAtoi(entry.substr(slash + 1), &prefix);
    if (!address || !has_prefix || prefix > width) {
      return absl::InvalidArgumentError(absl::StrCat("\"", entry, "\" is neither an IP address nor a network"));
    }
    set.networks_.push_back({*address, prefix + 128 - width});
  }
  return set;
}

bool AddressSet::Holds(std::string_view address) const {
  if (networks_.empty()) return false;
  const std::optional<Bytes> bytes = ParseAddress(View(address));
  if (!bytes) return false;
  return std::any_of(networks_.begin(), networks_.end(), [&bytes](const Network& network) {
    for (unsigned bit = 0; bit < network.prefix; ++bit) {
      const unsigned mask = 0x80u >> (bit % 8);
      if ((((*bytes)[bit / 8] ^ network.bytes[bit / 8]) & mask) != 0) return false;
    }
    return true;
  });
}

std::string ClientKey(const std::string& address) {
  Bytes bytes = {};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  const bool is_mapped_ipv4 =
      bytes[10] == 0xff && std::all_of(bytes.begin(), bytes.begin() + 10, [](uint8_t b) { return b == 0; });
  if (is_mapped_ipv4) return address;
  std::fill(bytes.begin() + 8, bytes.end(), uint8_t{0});
  char text[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
  return absl::StrCat(text, "/64");
}

std::string ClientAddress(const std::string& peer, const std::vector<std::string_view>& forwarded,
                          const AddressSet& trusted) {
  std::string client = peer;
  if (!trusted.Holds(peer)) return client;
  for (auto value = forwarded.rbegin(); value != forwarded.rend(); ++value) {
    const std::vector<absl::string_view> entries = absl::StrSplit(View(*value), ',');
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      const absl::string_view address = StripPort(*entry);
      if (!ParseAddress(address)) return client;
      client = std::string(address);
      if (!trusted.Holds(client)) return client;
    }
  }
  return client;
}

}  // namespace http
