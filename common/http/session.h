#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/request.h"
#include "common/http/response.h"
#include "common/http/worker.h"

namespace http {

// One connection, from accept to close.
//
//   bytes -> FindHeadEnd, ParseHead -> body (Boost.Beast) -> Handler -> answer -> the next request
//
// One request is answered at a time; what a client pipelines waits in the buffer, which is bounded. Bytes are read
// while a request is being answered, so that a client that goes away is noticed. Runs on its worker's thread; Answer()
// and Dropped() may be called on any.
class Session : public std::enable_shared_from_this<Session> {
 public:
  using Clock = std::chrono::steady_clock;

  Session(boost::asio::ip::tcp::socket socket, std::string client, Worker& worker);
  ~Session();

  void Start();
  // When OnDeadline() is due.
  Clock::time_point deadline() const { return deadline_; }
  void OnDeadline();
  void EndWhenIdle();
  void Close();

  static void Answer(std::shared_ptr<Session> session, Response response);
  static void Dropped(std::shared_ptr<Session> session);
  void SetOnClientGone(std::function<void()> on_gone) { on_gone_ = std::move(on_gone); }

 private:
  enum class State { kIdle, kHead, kBody, kAnswering, kWriting, kLingering, kClosed };
  using BodyParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  std::string_view Unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void Read();
  void OnRead(const boost::system::error_code& error, size_t size);
  void OnEndOfInput();
  // Goes on with what is in the buffer, as far as it reaches.
  void Advance();
  void ReadHead();
  void OnHead(size_t size);
  void BeginBody();
  void ReadBody();
  void Deliver();
  void TakeAnswer(Response response);
  // Answers a request that the handler does not get, and ends the connection.
  void Refuse(const Refusal& refusal);
  void Write(Response response);
  void OnWritten(const boost::system::error_code& error);
  void Linger();
  void Enter(State state, absl::Duration limit);

  Worker& worker_;
  boost::asio::ip::tcp::socket socket_;
  const std::string client_;
  State state_ = State::kIdle;
  Clock::time_point deadline_;
  bool reading_ = false;      // a read is under way: the buffer must not move
  bool input_ended_ = false;  // the client sends no more
  bool end_when_idle_ = false;
  bool in_flight_ = false;  // the handler owes an answer

  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t scanned_ = 0;  // how much of the unread bytes is known to hold no end of a head

  Request request_;
  uint64_t body_limit_ = 0;
  size_t body_bytes_ = 0;  // as sent, chunk headers included
  std::unique_ptr<BodyParser> parser_;
  bool answers_head_ = false;  // to a HEAD request
  std::function<void()> on_gone_;

  std::string written_head_;
  std::string written_body_;
  bool close_after_write_ = false;
};

}  // namespace http
