#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/core/config_reader.h"

namespace common {

// How a process and those that it speaks gRPC with prove to each other who they are: mutual TLS, or nothing at all,
// where the three files are empty. A value.
struct TransportConfig {
  // PEM: the chain that this process shows, leaf first; its key; and the authorities that vouch for its peers.
  std::string certificate_file;
  std::string key_file;
  std::string ca_file;
  // The DNS names in this process's own certificate, in lower case.
  std::vector<std::string> own_names;
  // The DNS names of the clients that may call this process, in lower case; it may always ask itself.
  std::vector<std::string> allowed_peers;
  // How long a client keeps one connection to this process before it looks for all replicas again.
  absl::Duration connection_age = absl::Minutes(5);

  bool is_tls() const { return !certificate_file.empty(); }
};

// Reads GRPC_TLS_CERTIFICATE_FILE, GRPC_TLS_KEY_FILE and GRPC_TLS_CA_FILE, and looks into the files: for a process that
// calls others.
TransportConfig ReadTransport(ConfigReader& reader);

// The same for a process that serves others on `host`, and GRPC_CONNECTION_AGE_SECONDS. With TLS it must name in
// GRPC_TLS_ALLOWED_PEERS who may call.
TransportConfig ReadServerTransport(ConfigReader& reader, const std::string& host);

// Plaintext is for this machine: finds `variable`, which names a peer by `target` as gRPC takes it, at fault where
// there is no TLS and the peer is elsewhere, unless GRPC_ALLOW_PLAINTEXT says otherwise.
void CheckTarget(ConfigReader& reader, const TransportConfig& transport, std::string_view variable,
                 std::string_view target);

}  // namespace common
