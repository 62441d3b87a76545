#include "tests/support/verifier/jwks_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace verifier::testing {

std::string KeySetOf(const std::vector<std::string>& jwks) {
  return absl::StrCat(R"({"keys":[)", absl::StrJoin(jwks, ","), "]}");
}

JwksServer::JwksServer() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

JwksServer::~JwksServer() {
  std::vector<std::thread> connections;
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
    is_held_ = false;
  }
  changed_.NotifyAll();
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  {
    common::MutexLock lock(mutex_);
    connections.swap(connections_);
  }
  for (std::thread& connection : connections) connection.join();
  close(listener_);
}

std::string JwksServer::url() const { return absl::StrCat("http://127.0.0.1:", port_, "/.well-known/jwks.json"); }

void JwksServer::Serve(std::string body, std::string etag, std::string more_headers) {
  std::string headers =
      absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ", body.size(), "\r\n");
  if (!etag.empty()) absl::StrAppend(&headers, "ETag: ", etag, "\r\n");
  common::MutexLock lock(mutex_);
  response_ = absl::StrCat(headers, more_headers, "Connection: close\r\n\r\n", body);
  not_modified_etag_ = std::move(etag);
}

void JwksServer::ServeRaw(std::string response) {
  common::MutexLock lock(mutex_);
  response_ = std::move(response);
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

void JwksServer::Run() {
  while (true) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
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
  const std::string response = ResponseTo(request);
  size_t sent = 0;
  while (sent < response.size()) {
    const ssize_t wrote = send(connection, response.data() + sent, response.size() - sent, MSG_NOSIGNAL);
    if (wrote <= 0) break;
    sent += static_cast<size_t>(wrote);
  }
  shutdown(connection, SHUT_WR);
  close(connection);
}

std::string JwksServer::ResponseTo(const std::string& request) {
  common::MutexLock lock(mutex_);
  ++requests_;
  last_request_ = request;
  changed_.NotifyAll();
  while (is_held_) changed_.Wait(mutex_);
  if (!not_modified_etag_.empty() && request.find("If-None-Match: " + not_modified_etag_) != std::string::npos) {
    return "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n";
  }
  return response_;
}

}  // namespace verifier::testing
