#include "common/grpc/transport_config.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/grpc/certificate.h"

namespace common {
namespace {

constexpr char kCertificateVariable[] = "GRPC_TLS_CERTIFICATE_FILE";
constexpr char kKeyVariable[] = "GRPC_TLS_KEY_FILE";
constexpr char kCaVariable[] = "GRPC_TLS_CA_FILE";
constexpr char kWaysOut[] =
    "set GRPC_TLS_CERTIFICATE_FILE, GRPC_TLS_KEY_FILE and GRPC_TLS_CA_FILE, or GRPC_ALLOW_PLAINTEXT=true where nobody "
    "else is on the network between";

bool IsLoopback(absl::string_view host) {
  return host == "localhost" || host == "::1" || absl::StartsWith(host, "127.");
}

// The host of `HOST:PORT` or `[HOST]:PORT`.
absl::string_view HostOf(absl::string_view address) {
  if (absl::ConsumePrefix(&address, "[")) return address.substr(0, address.find(']'));
  return address.substr(0, address.rfind(':'));
}

// Whether all addresses of the target are on this machine.
bool IsLocal(absl::string_view target) {
  if (absl::StartsWith(target, "unix:") || absl::StartsWith(target, "unix-abstract:")) return true;
  for (const absl::string_view scheme : {"dns:", "ipv4:", "ipv6:"}) absl::ConsumePrefix(&target, scheme);
  // An authority, the name server that is asked, has no say in where the peer is.
  if (absl::ConsumePrefix(&target, "//")) target.remove_prefix(std::min(target.find('/'), target.size() - 1) + 1);
  const std::vector<absl::string_view> addresses = absl::StrSplit(target, ',');
  return std::all_of(addresses.begin(), addresses.end(),
                     [](absl::string_view address) { return IsLoopback(HostOf(address)); });
}

void Check(ConfigReader& reader, const char* variable, const absl::Status& status) {
  if (!status.ok()) reader.Fault(variable, absl::StrCat("cannot be used: ", status.message()), "");
}

// What of the three is missing where some are there.
bool HasAll(ConfigReader& reader, const TransportConfig& config) {
  bool has_all = true;
  for (const auto& [variable, value, example] :
       {std::tuple{kCertificateVariable, &config.certificate_file, "/etc/todo/tls/tls.crt"},
        std::tuple{kKeyVariable, &config.key_file, "/etc/todo/tls/tls.key"},
        std::tuple{kCaVariable, &config.ca_file, "/etc/todo/tls/ca.crt"}}) {
    if (!value->empty()) continue;
    reader.Fault(variable, "is not set: the three GRPC_TLS files go together", example);
    has_all = false;
  }
  return has_all;
}

}  // namespace

TransportConfig ReadTransport(ConfigReader& reader) {
  TransportConfig config;
  config.certificate_file = reader.String(kCertificateVariable, "");
  config.key_file = reader.String(kKeyVariable, "");
  config.ca_file = reader.String(kCaVariable, "");
  if (config.certificate_file.empty() && config.key_file.empty() && config.ca_file.empty()) return config;
  if (!HasAll(reader, config)) return config;
  absl::StatusOr<std::vector<std::string>> names = DnsNamesOf(config.certificate_file);
  Check(reader, kCertificateVariable, names.status());
  if (!names.ok()) return config;
  config.own_names = *std::move(names);
  Check(reader, kKeyVariable, CheckKey(config.key_file, config.certificate_file));
  Check(reader, kCaVariable, CheckIssuer(config.ca_file, config.certificate_file));
  return config;
}

TransportConfig ReadServerTransport(ConfigReader& reader, const std::string& host) {
  TransportConfig config = ReadTransport(reader);
  config.connection_age = absl::Seconds(reader.Integer("GRPC_CONNECTION_AGE_SECONDS", 300, 1, 86400));
  for (const std::string& name : reader.List("GRPC_TLS_ALLOWED_PEERS")) {
    config.allowed_peers.push_back(absl::AsciiStrToLower(name));
  }
  if (config.is_tls() && config.allowed_peers.empty()) {
    reader.Fault("GRPC_TLS_ALLOWED_PEERS", "is not set: name the clients that may call, as their certificates do",
                 "gateway,billing");
  }
  if (!config.is_tls() && !IsLoopback(host) && !reader.Bool("GRPC_ALLOW_PLAINTEXT", false)) {
    reader.Fault("HOST", absl::StrCat("would serve gRPC without TLS beyond this machine: ", host, "; ", kWaysOut),
                 "127.0.0.1");
  }
  return config;
}

void CheckTarget(ConfigReader& reader, const TransportConfig& transport, std::string_view variable,
                 std::string_view target) {
  const absl::string_view view(target.data(), target.size());
  if (transport.is_tls() || IsLocal(view) || reader.Bool("GRPC_ALLOW_PLAINTEXT", false)) return;
  reader.Fault(variable, absl::StrCat("would be called without TLS beyond this machine: ", view, "; ", kWaysOut), "");
}

}  // namespace common
