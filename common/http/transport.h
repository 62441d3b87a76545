#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <utility>

namespace http {

// The bytes of one connection: plain TCP, or TLS over it. Used on one thread; one read and one write may be under way.
class Transport {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  // `tls` is null for plain TCP.
  Transport(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls)
      : socket_(std::move(socket)), context_(std::move(tls)) {
    if (context_ != nullptr) tls_.emplace(socket_, *context_);
  }

  bool is_tls() const { return tls_.has_value(); }
  Socket& socket() { return socket_; }

  template <typename Done>
  void Handshake(Done done) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::move(done));
  }

  template <typename Done>
  void ReadSome(boost::asio::mutable_buffer buffer, Done done) {
    if (tls_) {
      tls_->async_read_some(buffer, std::move(done));
    } else {
      socket_.async_read_some(buffer, std::move(done));
    }
  }

  template <typename Buffers, typename Done>
  void WriteSome(const Buffers& buffers, Done done) {
    if (tls_) {
      tls_->async_write_some(buffers, std::move(done));
    } else {
      socket_.async_write_some(buffers, std::move(done));
    }
  }

  // Says with TLS's own alert that nothing more will be sent, and waits until the peer has said so too or has sent
  // something else.
  template <typename Done>
  void EndTls(Done done) {
    tls_->async_shutdown(std::move(done));
  }

  // What the peer sends, encrypted or not, once nothing of it is read any more.
  template <typename Done>
  void ReadUnread(boost::asio::mutable_buffer buffer, Done done) {
    socket_.async_read_some(buffer, std::move(done));
  }

  void ShutdownSend() {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  void Close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  Socket socket_;
  std::shared_ptr<boost::asio::ssl::context> context_;  // outlives the stream that was made from it
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace http
