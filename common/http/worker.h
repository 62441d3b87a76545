#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>

#include "common/http/server_state.h"

namespace http {

class Session;

// One thread with its event loop, its listening socket and the sessions that it accepted. Everything but the
// constructor, Start(), and what says otherwise runs on that thread.
class Worker {
 public:
  Worker(ServerState& state, boost::asio::ip::tcp::acceptor acceptor, std::unique_ptr<boost::asio::io_context> context);
  // Ends the event loop and its thread. All sessions must be gone.
  ~Worker();

  // Has this worker read a changed certificate again, and `told` hear of it. Before Start().
  void WatchCertificate(std::function<void(const absl::Status&)> told);
  void Start();
  // Stops accepting and has each session end when it has answered; on any thread. The future is ready once nothing more
  // can be accepted.
  std::future<void> BeginDrain();
  // Cuts off all sessions; on any thread.
  void CutOff();

  ServerState& state() { return state_; }
  boost::asio::io_context& context() { return *context_; }

  void Forget(Session* session) { sessions_.erase(session); }
  // The value of the `Date` header (RFC 9110 section 6.6.1), made once a second.
  const std::string& Date();

 private:
  void Accept();
  void OnAccept(const boost::system::error_code& error, boost::asio::ip::tcp::socket socket);
  // Takes what the kernel has accepted on our behalf already, so that closing the listening socket resets nobody.
  void AcceptPending();
  void Adopt(boost::asio::ip::tcp::socket socket);
  void Tick();
  void LookAtCertificate();

  ServerState& state_;
  std::unique_ptr<boost::asio::io_context> context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  // Looks after the deadlines of all sessions, so that a request costs no timer.
  boost::asio::steady_timer tick_;
  boost::asio::steady_timer accept_backoff_;
  std::unordered_map<Session*, std::weak_ptr<Session>> sessions_;
  bool watches_certificate_ = false;
  std::function<void(const absl::Status&)> certificate_told_;
  std::chrono::steady_clock::time_point next_look_;
  bool draining_ = false;
  std::string date_;
  int64_t date_second_ = 0;
  std::thread thread_;
};

}  // namespace http
