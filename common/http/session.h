#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/body_decoder.h"
#include "common/http/output_queue.h"
#include "common/http/request.h"
#include "common/http/response.h"
#include "common/http/stream.h"
#include "common/http/transport.h"
#include "common/http/worker.h"

namespace http {

// An answer without a known end, as its session sees it.
struct StreamState {
  StreamOptions options;
  bool head_sent = false;
  bool is_chunked = true;
  std::function<void()> ready;  // to be called once the client has taken enough
};

// One connection, from accept to close.
//
//   bytes -> FindHeadEnd, ParseHead -> BodyDecoder -> Handler -> answer or stream -> the next request
//
// One request is answered at a time; what a client pipelines waits in the buffer, which is bounded. Bytes are read
// while a request is being answered, so that a client that goes away is noticed. All that is sent goes through one
// queue. Runs on its worker's thread, and must end there; the static functions may be called on any.
class Session : public std::enable_shared_from_this<Session> {
 public:
  using Clock = std::chrono::steady_clock;

  Session(boost::asio::ip::tcp::socket socket, std::string client, Worker& worker);
  ~Session();

  void Start();
  // When OnDeadline() is due; where memory is short, sooner for a client that takes nothing of what waits for it.
  Clock::time_point deadline(bool memory_is_short) const;
  void OnDeadline();
  void EndWhenIdle();
  void Close();

  // Of a Responder.
  static void Answer(std::shared_ptr<Session> session, Response response);
  static void Dropped(std::shared_ptr<Session> session);
  void SetOnClientGone(std::function<void()> on_gone) { on_gone_ = std::move(on_gone); }
  // Null where there are too many streams.
  static std::shared_ptr<StreamState> BeginStream(const std::shared_ptr<Session>& session, StreamOptions options);

  // Of a Stream, whose `state` tells it from a later one on the same connection.
  using StreamStatePtr = std::shared_ptr<StreamState>;
  static void WriteStream(const std::shared_ptr<Session>& session, const StreamStatePtr& state, std::string bytes,
                          std::function<void()> ready);
  static void ReplaceStreamHead(const std::shared_ptr<Session>& session, const StreamStatePtr& state, Response head);
  static void ReleaseStreamHead(const std::shared_ptr<Session>& session, const StreamStatePtr& state,
                                absl::Duration delay);
  // Where the head was not sent yet, answers `instead` if there is one. Without `last` the connection is cut off. Once.
  static void EndStream(const std::shared_ptr<Session>& session, std::optional<Response> instead,
                        std::optional<std::string> last);
  // Gives up a share of the session, which may be the last one.
  static void LetGo(std::shared_ptr<Session> session);

 private:
  enum class State { kHandshake, kIdle, kHead, kBody, kAnswering, kWriting, kStreaming, kLingering, kClosed };

  std::string_view Unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void Handshake();
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
  // Whether the request may be answered now: counts it, or refuses it.
  bool Admit();
  void Discharge();
  void TakeAnswer(Response response);
  // Answers a request that the handler does not get, and ends the connection.
  void Refuse(const Refusal& refusal);
  void Shed(const Refusal& refusal);
  void Write(Response response);
  std::string HeadOf(const Response& response, std::string_view framing);
  // Sends what is queued.
  void Flush();
  void OnWritten(const boost::system::error_code& error, size_t size);
  void OnAnswerWritten();
  // Ends the connection so that its last answer arrives: a client that goes on sending is read for a while, since a
  // socket that is closed with unread bytes takes back what it has sent.
  void Linger();
  void DiscardInput();
  void Enter(State state, absl::Duration limit);
  void TellGone();

  void StartStreaming(std::shared_ptr<StreamState> stream);
  void SendStreamHead();
  void SendStreamBytes(std::string bytes);
  // Sets when something is due next: the head, a heartbeat, or the end of the client's patience.
  void AwaitInStream();
  void OnStreamDeadline();
  void OnStreamWritten();
  void FinishStream(std::optional<Response> instead, std::optional<std::string> last);
  // Sends what was written, and closes the connection without the end of the body.
  void CutOffStream();

  Worker& worker_;
  Transport transport_;
  const std::string client_;
  State state_ = State::kIdle;
  Clock::time_point deadline_;
  bool reading_ = false;      // a read is under way: the buffer must not move
  bool input_ended_ = false;  // the client sends no more
  bool end_when_idle_ = false;
  bool in_flight_ = false;      // the handler owes an answer
  bool counts_stream_ = false;  // it owes the end of a stream
  std::string counted_client_;  // whose request this is, where a proxy forwarded it

  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t scanned_ = 0;  // how much of the unread bytes is known to hold no end of a head

  Request request_;
  std::optional<BodyDecoder> body_;
  size_t lingered_ = 0;
  bool answers_head_ = false;  // to a HEAD request
  bool is_http_1_0_ = false;
  std::function<void()> on_gone_;

  OutputQueue output_{worker_.state().unsent};
  bool writing_ = false;
  bool close_after_write_ = false;
  std::shared_ptr<StreamState> stream_;  // with kStreaming
};

}  // namespace http
