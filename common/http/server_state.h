#pragma once

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "common/http/connection_count.h"
#include "common/http/handler.h"
#include "common/http/limits.h"

namespace http {

// What the workers and sessions of one server share. Outlives them. Thread-safe.
struct ServerState {
  ServerState(Handler& h, Limits l, std::vector<std::string> t) : handler(h), limits(l), trusted_peers(std::move(t)) {}

  Handler& handler;
  const Limits limits;
  const std::vector<std::string> trusted_peers;

  ConnectionCount connections;
  // Requests whose Responder was neither used nor dropped.
  std::atomic<size_t> in_flight{0};
  // Every answer says `Connection: close`.
  std::atomic<bool> closing{false};

  size_t ClientCap(const std::string& client) const {
    const bool trusted = std::find(trusted_peers.begin(), trusted_peers.end(), client) != trusted_peers.end();
    return trusted ? limits.connections : limits.connections_per_client;
  }
};

}  // namespace http
