#include "common/http/worker.h"

#include <netinet/tcp.h>

#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/http/session.h"

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

using NotSentLowWater = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;

// Bytes of a connection that the kernel may hold before they can be sent. Without it megabytes wait there, out of our
// count, and what a slow client takes is heard of only once it is a third of them.
constexpr int kNotSent = 128 * 1024;
constexpr std::chrono::milliseconds kTick(50);
constexpr std::chrono::seconds kCertificateInterval(1);
// How long accepting rests when there are too many connections or no file descriptors.
constexpr std::chrono::milliseconds kAcceptBackoff(50);

}  // namespace

Worker::Worker(ServerState& state, tcp::acceptor acceptor, std::unique_ptr<asio::io_context> context)
    : state_(state),
      context_(std::move(context)),
      acceptor_(std::move(acceptor)),
      tick_(*context_),
      accept_backoff_(*context_) {}

Worker::~Worker() {
  context_->stop();
  if (thread_.joinable()) thread_.join();
}

void Worker::WatchCertificate(std::function<void(const absl::Status&)> told) {
  watches_certificate_ = true;
  certificate_told_ = std::move(told);
}

void Worker::LookAtCertificate() {
  const auto now = std::chrono::steady_clock::now();
  if (!watches_certificate_ || now < next_look_) return;
  next_look_ = now + kCertificateInterval;
  const absl::StatusOr<bool> changed = state_.tls->ReloadIfChanged();
  if (certificate_told_ && (!changed.ok() || *changed)) certificate_told_(changed.status());
}

void Worker::Start() {
  asio::post(*context_, [this] {
    Accept();
    Tick();
  });
  thread_ = std::thread([this] { context_->run(); });
}

std::future<void> Worker::BeginDrain() {
  auto done = std::make_shared<std::promise<void>>();
  asio::post(*context_, [this, done] {
    draining_ = true;
    AcceptPending();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    accept_backoff_.cancel();
    const auto sessions = sessions_;
    for (const auto& [pointer, weak] : sessions) {
      if (const auto session = weak.lock()) session->EndWhenIdle();
    }
    done->set_value();
  });
  return done->get_future();
}

void Worker::CutOff() {
  asio::post(*context_, [this] {
    const auto sessions = sessions_;
    for (const auto& [pointer, weak] : sessions) {
      if (const auto session = weak.lock()) session->Close();
    }
  });
}

const std::string& Worker::Date() {
  const absl::Time now = absl::Now();
  const int64_t second = absl::ToUnixSeconds(now);
  if (second != date_second_) {
    date_second_ = second;
    date_ = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone());
  }
  return date_;
}

void Worker::Accept() {
  if (draining_) return;
  if (state_.counts->connections.total() >= state_.limits.connections) {
    accept_backoff_.expires_after(kAcceptBackoff);
    accept_backoff_.async_wait([this](const boost::system::error_code&) { Accept(); });
    return;
  }
  acceptor_.async_accept(
      [this](const boost::system::error_code& error, tcp::socket socket) { OnAccept(error, std::move(socket)); });
}

void Worker::OnAccept(const boost::system::error_code& error, tcp::socket socket) {
  if (draining_) {
    if (!error) Adopt(std::move(socket));
    return;
  }
  if (error) {
    // Out of file descriptors or memory, most likely: trying again at once would spin.
    accept_backoff_.expires_after(kAcceptBackoff);
    accept_backoff_.async_wait([this](const boost::system::error_code&) { Accept(); });
    return;
  }
  Adopt(std::move(socket));
  Accept();
}

void Worker::AcceptPending() {
  boost::system::error_code error;
  acceptor_.non_blocking(true, error);
  while (!error) {
    tcp::socket socket(*context_);
    acceptor_.accept(socket, error);
    if (!error) Adopt(std::move(socket));
  }
}

void Worker::Adopt(tcp::socket socket) {
  boost::system::error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return;
  std::string client = peer.address().to_string();
  if (!state_.counts->connections.Add(state_.KeyOf(client), state_.ClientCap(client))) {
    return state_.counts->shed_connections.Add();
  }
  socket.set_option(tcp::no_delay(true), error);
  socket.set_option(NotSentLowWater(kNotSent), error);
  socket.non_blocking(true, error);
  auto session = std::make_shared<Session>(std::move(socket), std::move(client), *this);
  sessions_.emplace(session.get(), session);
  session->Start();
  if (draining_) session->EndWhenIdle();
}

void Worker::Tick() {
  const auto now = std::chrono::steady_clock::now();
  const bool memory_is_short = state_.unsent.load(std::memory_order_relaxed) > state_.limits.unsent;
  std::vector<std::shared_ptr<Session>> late;
  for (const auto& [pointer, weak] : sessions_) {
    if (pointer->deadline(memory_is_short) <= now) {
      if (auto session = weak.lock()) late.push_back(std::move(session));
    }
  }
  for (const auto& session : late) session->OnDeadline();
  LookAtCertificate();
  tick_.expires_after(kTick);
  tick_.async_wait([this](const boost::system::error_code& error) {
    if (!error) Tick();
  });
}

}  // namespace http
