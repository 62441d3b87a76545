#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http/address_set.h"
#include "common/http/handler.h"
#include "common/http/limits.h"
#include "common/http/tls_identity.h"

namespace http {

struct ServerCounts;
struct ServerState;
class Worker;

struct ServerOptions {
  // A name or an address to listen on.
  std::string host = "127.0.0.1";
  // 0 lets the system choose.
  uint16_t port = 0;
  // Threads, each with an event loop and a listening socket of its own. 0: one a core.
  int threads = 0;
  Limits limits;
  // Reverse proxies: peers that have no cap of their own on connections, and whose X-Forwarded-For is believed. What
  // one client has under way through them is capped instead.
  AddressSet trusted_peers;
  // With it the server speaks TLS alone.
  std::shared_ptr<TlsIdentity> tls;
  // Hears of each try to read a changed certificate, on a thread of the server.
  std::function<void(const absl::Status&)> on_certificate;
};

// A running HTTP/1.1 server: keep-alive, pipelining with answers in order, streams, TLS, limits, and a drain.
// Thread-safe.
class Server {
 public:
  // `handler` must outlive the server. Fails with UNAVAILABLE and a message that names the address where it cannot be
  // listened on, also where another process listens there with SO_REUSEPORT.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options, Handler& handler);

  // Drains with no grace if that was not done yet, and waits until every Responder and Stream was used up or dropped.
  ~Server();

  uint16_t port() const { return port_; }
  // What the metrics tell; outlives the server where it is kept.
  std::shared_ptr<const ServerCounts> counts() const;
  // How many connections are open.
  size_t connections() const;
  // How many answers without a known end are under way.
  size_t streams() const;

  // Says `Connection: close` with every answer from now on, so that clients move elsewhere; goes on accepting.
  void AnnounceClose();

  // Accepts no more connections, closes idle ones, and lets requests under way finish within `grace`; what is left then
  // is cut off. Blocks until all connections are closed. Does nothing the second time.
  void Drain(absl::Duration grace);

 private:
  Server();

  std::unique_ptr<ServerState> state_;
  std::vector<std::unique_ptr<Worker>> workers_;
  uint16_t port_ = 0;
  bool drained_ = false;
};

}  // namespace http
