#include "common/http/health_check.h"

#include <sys/time.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

absl::Status Failed(const boost::system::error_code& error) { return absl::UnavailableError(error.message()); }

}  // namespace

absl::Status CheckHealth(const std::string& host, uint16_t port, const std::string& path, bool is_tls) {
  const std::string target = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host;
  asio::io_context context;
  tcp::resolver resolver(context);
  tcp::socket socket(context);
  boost::system::error_code error;
  const auto endpoints = resolver.resolve(target, std::to_string(port), error);
  if (error) return Failed(error);
  asio::connect(socket, endpoints, error);
  if (error) return Failed(error);
  const timeval timeout = {2, 0};
  setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  const std::string request = absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  // The status line is in the first bytes; what follows does not matter.
  std::array<char, 64> answer;
  size_t size = 0;
  const auto ask = [&](auto& stream) {
    asio::write(stream, asio::buffer(request), error);
    if (!error) size = asio::read(stream, asio::buffer(answer), error);
  };
  if (is_tls) {
    asio::ssl::context tls(asio::ssl::context::tls_client);
    asio::ssl::stream<tcp::socket&> stream(socket, tls);
    stream.handshake(asio::ssl::stream_base::client, error);
    if (!error) ask(stream);
  } else {
    ask(socket);
  }
  if (size == 0) return error ? Failed(error) : absl::UnavailableError("does not answer");
  if (!absl::StartsWith({answer.data(), size}, "HTTP/1.1 200 ")) {
    return absl::UnavailableError("does not answer 200");
  }
  return absl::OkStatus();
}

}  // namespace http
