#include "common/http/server.h"

#include <fcntl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/http/server_state.h"
#include "common/http/worker.h"

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr int kBacklog = 1024;

absl::Status CannotListen(const ServerOptions& options, const boost::system::error_code& error) {
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", options.host, ":", options.port, ": ", error.message()));
}

absl::StatusOr<tcp::endpoint> Resolve(const ServerOptions& options) {
  asio::io_context context;
  tcp::resolver resolver(context);
  boost::system::error_code error;
  const auto found = resolver.resolve(options.host, std::to_string(options.port),
                                      tcp::resolver::numeric_service | tcp::resolver::passive, error);
  if (error) return CannotListen(options, error);
  return found.begin()->endpoint();
}

// Listeners that share a port share it with any other process of the same user too. A bind without sharing finds out
// whether the port is free.
boost::system::error_code ProbePort(const tcp::endpoint& endpoint) {
  asio::io_context context;
  tcp::acceptor probe(context);
  boost::system::error_code error;
  probe.open(endpoint.protocol(), error);
  if (!error) probe.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) probe.bind(endpoint, error);
  return error;
}

boost::system::error_code Listen(const tcp::endpoint& endpoint, tcp::acceptor* acceptor) {
  boost::system::error_code error;
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->set_option(ReusePort(true), error);
  // A child process must not keep the port open.
  if (!error) fcntl(acceptor->native_handle(), F_SETFD, FD_CLOEXEC);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(kBacklog, error);
  return error;
}

int ThreadCount(const ServerOptions& options) {
  if (options.threads > 0) return options.threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

Server::Server() = default;

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options, Handler& handler) {
  absl::StatusOr<tcp::endpoint> endpoint = Resolve(options);
  if (!endpoint.ok()) return endpoint.status();
  if (endpoint->port() != 0) {
    if (const auto error = ProbePort(*endpoint)) return CannotListen(options, error);
  }
  auto server = std::unique_ptr<Server>(new Server());
  server->state_ = std::make_unique<ServerState>(handler, options.limits, options.trusted_peers, options.tls);
  for (int i = 0; i < ThreadCount(options); ++i) {
    auto context = std::make_unique<asio::io_context>(1);
    tcp::acceptor acceptor(*context);
    if (const auto error = Listen(*endpoint, &acceptor)) return CannotListen(options, error);
    // With port 0 the first listener is given a port and the others share it.
    endpoint->port(acceptor.local_endpoint().port());
    server->workers_.push_back(std::make_unique<Worker>(*server->state_, std::move(acceptor), std::move(context)));
  }
  server->port_ = endpoint->port();
  // One worker looks after the certificate of all.
  if (options.tls != nullptr) server->workers_.front()->WatchCertificate(std::move(options.on_certificate));
  for (const auto& worker : server->workers_) worker->Start();
  return server;
}

Server::~Server() {
  if (state_ == nullptr) return;
  Drain(absl::ZeroDuration());
  while (state_->counts->in_flight.load() > 0 || state_->counts->streams.load() > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

std::shared_ptr<const ServerCounts> Server::counts() const { return state_->counts; }

size_t Server::connections() const { return state_->counts->connections.total(); }

size_t Server::streams() const { return state_->counts->streams.load(); }

void Server::AnnounceClose() { state_->closing.store(true); }

void Server::Drain(absl::Duration grace) {
  if (drained_) return;
  drained_ = true;
  AnnounceClose();
  std::vector<std::future<void>> closing;
  for (const auto& worker : workers_) closing.push_back(worker->BeginDrain());
  for (std::future<void>& closed : closing) closed.wait();
  const auto cut_off = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(grace);
  bool is_cut_off = false;
  while (connections() > 0) {
    if (!is_cut_off && std::chrono::steady_clock::now() >= cut_off) {
      is_cut_off = true;
      for (const auto& worker : workers_) worker->CutOff();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace http
