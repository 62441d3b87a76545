#include "tests/support/verifier/jwks_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace verifier::testing {

std::string KeySetOf(const std::vector<std::string>& jwks) {
  return absl::StrCat(R"({"keys":[)", absl::StrJoin(jwks, ","), "]}");
}

std::string HttpResponse(std::string_view status, std::string_view body, std::string_view more_headers) {
  const auto view = [](std::string_view text) { return absl::string_view(text.data(), text.size()); };
  return absl::StrCat("HTTP/1.1 ", view(status), "\r\nContent-Length: ", body.size(), "\r\n", view(more_headers),
                      "Connection: close\r\n\r\n", view(body));
}

JwksServer::JwksServer() {
  Bind();
  Listen();
}

JwksServer::~JwksServer() {
  std::vector<std::thread> connections;
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
    is_held_ = false;
  }
  changed_.NotifyAll();
  StopListening();
  {
    common::MutexLock lock(mutex_);
    connections.swap(connections_);
  }
  for (std::thread& connection : connections) connection.join();
  close(listener_);
}

// To the port that it had before, where it had one.
void JwksServer::Bind() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
}

void JwksServer::Listen() {
  if (listen(listener_, 64) != 0) std::abort();
  thread_ = std::thread([this, listener = listener_] { Run(listener); });
}

void JwksServer::StopListening() {
  if (!thread_.joinable()) return;
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
}

void JwksServer::Close() {
  if (!thread_.joinable()) return;
  StopListening();
  close(listener_);
  Bind();  // a port that is bound and not listened on refuses, and nobody else gets it
}

void JwksServer::Open() {
  if (!thread_.joinable()) Listen();
}

std::string JwksServer::url() const { return absl::StrCat("http://127.0.0.1:", port_, "/.well-known/jwks.json"); }

void JwksServer::Serve(std::string body, std::string etag, std::string more_headers) {
  if (!etag.empty()) absl::StrAppend(&more_headers, "ETag: ", etag, "\r\n");
  common::MutexLock lock(mutex_);
  response_ = {HttpResponse("200 OK", body, "Content-Type: application/json\r\n" + more_headers), absl::ZeroDuration()};
  not_modified_etag_ = std::move(etag);
}

void JwksServer::ServeRaw(std::string response) { Drip(std::move(response), absl::ZeroDuration()); }

void JwksServer::Drip(std::string response, absl::Duration interval) {
  common::MutexLock lock(mutex_);
  response_ = {std::move(response), interval};
  not_modified_etag_.clear();
}

void JwksServer::Hold() {
  common::MutexLock lock(mutex_);
  is_held_ = true;
}

void JwksServer::Release() {
  {
    common::MutexLock lock(mutex_);
    is_held_ = false;
  }
  changed_.NotifyAll();
}

int JwksServer::requests() const {
  common::MutexLock lock(mutex_);
  return requests_;
}

std::string JwksServer::last_request() const {
  common::MutexLock lock(mutex_);
  return last_request_;
}

void JwksServer::AwaitRequests(int count) {
  common::MutexLock lock(mutex_);
  while (requests_ < count) changed_.Wait(mutex_);
}

void JwksServer::Run(int listener) {
  while (true) {
    const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    common::MutexLock lock(mutex_);
    connections_.emplace_back([this, connection] { Answer(connection); });
  }
}

void JwksServer::Answer(int connection) {
  std::string request;
  char buffer[4096];
  while (request.find("\r\n\r\n") == std::string::npos) {
    const ssize_t got = recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    request.append(buffer, static_cast<size_t>(got));
  }
  const Response response = ResponseTo(request);
  if (response.interval > absl::ZeroDuration()) {
    SendSlowly(connection, response);
  } else {
    Send(connection, response.bytes);
  }
  shutdown(connection, SHUT_WR);
  close(connection);
}

void JwksServer::SendSlowly(int connection, const Response& response) {
  auto next = std::chrono::steady_clock::now();
  for (size_t i = 0; i < response.bytes.size(); ++i) {
    if (!Send(connection, std::string_view(response.bytes).substr(i, 1))) return;
    next += absl::ToChronoNanoseconds(response.interval);
    common::MutexLock lock(mutex_);
    while (!is_stopping_ && changed_.WaitUntil(mutex_, next)) {
    }
    if (is_stopping_) return;
  }
}

// False where the other side has gone.
bool JwksServer::Send(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote <= 0) return false;
    bytes_sent_ += wrote;
    bytes.remove_prefix(static_cast<size_t>(wrote));
  }
  return true;
}

JwksServer::Response JwksServer::ResponseTo(const std::string& request) {
  common::MutexLock lock(mutex_);
  ++requests_;
  last_request_ = request;
  changed_.NotifyAll();
  while (is_held_) changed_.Wait(mutex_);
  if (!not_modified_etag_.empty() && request.find("If-None-Match: " + not_modified_etag_) != std::string::npos) {
    return {"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n", absl::ZeroDuration()};
  }
  return response_;
}

}  // namespace verifier::testing
