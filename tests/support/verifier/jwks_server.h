#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "common/core/mutex.h"

namespace verifier::testing {

// An HTTP server on a port of its own that answers every request with what it was told, however wrong, or not at all.
// Thread-safe.
class JwksServer {
 public:
  JwksServer();
  ~JwksServer();

  std::string url() const;

  // Answers 200 with this body, and with an ETag where one is given; 304 where the request names that ETag.
  void Serve(std::string body, std::string etag = "", std::string more_headers = "");
  // Answers these bytes as they are. Empty closes the connection without an answer.
  void ServeRaw(std::string response);
  // Answers these bytes one at a time, with this much time between them.
  void Drip(std::string response, absl::Duration interval);
  // Lets requests wait until Release().
  void Hold();
  void Release();
  // Refuses connections until Open(): the endpoint is down. The port stays ours.
  void Close();
  void Open();

  // How many requests have arrived.
  int requests() const;
  // The head of the last request that has arrived.
  std::string last_request() const;
  // Blocks until that many have arrived.
  void AwaitRequests(int count);
  // How many bytes of answers were taken off our hands.
  int64_t bytes_sent() const { return bytes_sent_; }

 private:
  struct Response {
    std::string bytes;
    absl::Duration interval;  // zero sends all at once
  };

  void Bind();
  void Listen();
  void StopListening();
  void Run(int listener);
  void Answer(int connection);
  Response ResponseTo(const std::string& request);
  void SendSlowly(int connection, const Response& response);
  bool Send(int connection, std::string_view bytes);

  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<int64_t> bytes_sent_ = 0;

  mutable common::Mutex mutex_;
  common::CondVar changed_;
  Response response_;
  std::string not_modified_etag_;
  bool is_held_ = false;
  bool is_stopping_ = false;
  int requests_ = 0;
  std::string last_request_;
  std::vector<std::thread> connections_;

  std::thread thread_;
};

// A JWK Set of these keys.
std::string KeySetOf(const std::vector<std::string>& jwks);

// A whole HTTP answer with this status line's end, such as `200 OK`, and body.
std::string HttpResponse(std::string_view status, std::string_view body, std::string_view more_headers = "");

}  // namespace verifier::testing
