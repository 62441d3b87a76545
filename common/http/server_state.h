#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "common/http/address_set.h"
#include "common/http/connection_count.h"
#include "common/http/handler.h"
#include "common/http/limits.h"
#include "common/http/server_counts.h"
#include "common/http/tls_identity.h"

namespace http {

// What the workers and sessions of one server share. Outlives them. Thread-safe.
struct ServerState {
  ServerState(Handler& h, Limits l, AddressSet t, std::shared_ptr<TlsIdentity> i)
      : handler(h), limits(l), trusted_peers(std::move(t)), tls(std::move(i)) {}

  Handler& handler;
  const Limits limits;
  const AddressSet trusted_peers;
  const std::shared_ptr<TlsIdentity> tls;  // null for plain TCP

  // Outlives the server where somebody still looks at it.
  const std::shared_ptr<ServerCounts> counts = std::make_shared<ServerCounts>();
  // Requests under way that trusted peers forwarded, by the client that they come from.
  ConnectionCount forwarded;
  // Bytes of answers that clients have not taken yet.
  std::atomic<size_t> unsent{0};
  // Every answer says `Connection: close`.
  std::atomic<bool> closing{false};

  std::shared_ptr<boost::asio::ssl::context> TlsContext() const { return tls == nullptr ? nullptr : tls->context(); }

  // What a peer's connections are counted by: a proxy does not use up what others in its network may have.
  std::string KeyOf(const std::string& peer) const { return trusted_peers.Holds(peer) ? peer : ClientKey(peer); }

  size_t ClientCap(const std::string& client) const {
    return trusted_peers.Holds(client) ? limits.connections : limits.connections_per_client;
  }
};

}  // namespace http
