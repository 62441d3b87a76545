#include "tests/support/gateway/raw_http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace gateway_testing {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

RawHttpClient::RawHttpClient(uint16_t port, int receive_buffer)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval timeout = {5, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (receive_buffer > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) Close();
}

RawHttpClient::~RawHttpClient() { Close(); }

void RawHttpClient::Close() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

void RawHttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

void RawHttpClient::EndInput() { shutdown(socket_, SHUT_WR); }

bool RawHttpClient::Fill() {
  char bytes[16 * 1024];
  const ssize_t size = recv(socket_, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  buffer_.append(bytes, static_cast<size_t>(size));
  return true;
}

bool RawHttpClient::FillTo(size_t size) {
  while (buffer_.size() < size) {
    if (!Fill()) return false;
  }
  return true;
}

std::optional<HttpAnswer> RawHttpClient::ReadHead() {
  size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  HttpAnswer answer;
  if (buffer_.size() < 12 || !absl::SimpleAtoi(buffer_.substr(9, 3), &answer.status)) return std::nullopt;
  size_t at = buffer_.find("\r\n") + 2;
  while (at < end + 2) {
    const size_t line_end = buffer_.find("\r\n", at);
    const std::string line = buffer_.substr(at, line_end - at);
    const size_t colon = line.find(": ");
    if (colon != std::string::npos)
      answer.headers[absl::AsciiStrToLower(line.substr(0, colon))] = line.substr(colon + 2);
    at = line_end + 2;
  }
  buffer_.erase(0, end + 4);
  return answer;
}

std::optional<std::string> RawHttpClient::ReadChunk() {
  size_t line_end;
  while ((line_end = buffer_.find("\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  const size_t size = std::strtoul(buffer_.c_str(), nullptr, 16);
  if (!FillTo(line_end + 2 + size + 2)) return std::nullopt;
  std::string chunk = buffer_.substr(line_end + 2, size);
  buffer_.erase(0, line_end + 2 + size + 2);
  return chunk;
}

std::optional<HttpAnswer> RawHttpClient::Read(bool has_body) {
  std::optional<HttpAnswer> answer = ReadHead();
  if (!answer || !has_body) return answer;
  if (answer->headers.count("transfer-encoding") > 0) {
    while (true) {
      const std::optional<std::string> chunk = ReadChunk();
      if (!chunk) return std::nullopt;
      if (chunk->empty()) return answer;
      answer->body += *chunk;
    }
  }
  size_t size = 0;
  const auto length = answer->headers.find("content-length");
  if (length == answer->headers.end() || !absl::SimpleAtoi(length->second, &size)) return answer;
  if (!FillTo(size)) return std::nullopt;
  answer->body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return answer;
}

std::string RawHttpClient::ReadBytes(size_t size) {
  FillTo(size);
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return bytes;
}

std::string RawHttpClient::ReadToEnd() {
  while (Fill()) {
  }
  return std::exchange(buffer_, std::string());
}

bool RawHttpClient::IsReadable(int milliseconds) {
  pollfd wanted = {socket_, POLLIN, 0};
  return !buffer_.empty() || poll(&wanted, 1, milliseconds) > 0;
}

bool RawHttpClient::ClosedByServer() {
  if (!buffer_.empty()) return false;
  char byte;
  const ssize_t size = recv(socket_, &byte, 1, 0);
  // A reset is a close too; a timeout is not.
  return size == 0 || (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

HttpAnswer Fetch(uint16_t port, std::string_view method, std::string_view target, std::string_view body,
                 std::string_view headers) {
  RawHttpClient client(port);
  const bool names_type = headers.find("Content-Type") != std::string_view::npos;
  client.Send(absl::StrCat(View(method), " ", View(target), " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
                           View(headers), body.empty() ? "" : absl::StrCat("Content-Length: ", body.size(), "\r\n"),
                           body.empty() || names_type ? "" : "Content-Type: application/json\r\n", "\r\n", View(body)));
  return client.Read(method != "HEAD").value_or(HttpAnswer{});
}

}  // namespace gateway_testing
