#pragma once

#include <string>
#include <thread>
#include <vector>

#include "common/core/mutex.h"

namespace verifier::testing {

// An HTTP server on a port of its own that answers every request with what it was told, however wrong. Thread-safe.
class JwksServer {
 public:
  JwksServer();
  ~JwksServer();

  std::string url() const;

  // Answers 200 with this body, and with an ETag where one is given; 304 where the request names that ETag.
  void Serve(std::string body, std::string etag = "", std::string more_headers = "");
  // Answers these bytes as they are. Empty closes the connection without an answer.
  void ServeRaw(std::string response);
  // Lets requests wait until Release().
  void Hold();
  void Release();

  // How many requests have arrived.
  int requests() const;
  // The head of the last request that has arrived.
  std::string last_request() const;
  // Blocks until that many have arrived.
  void AwaitRequests(int count);

 private:
  void Run();
  void Answer(int connection);
  std::string ResponseTo(const std::string& request);

  int listener_ = -1;
  int port_ = 0;

  mutable common::Mutex mutex_;
  common::CondVar changed_;
  std::string response_;
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

}  // namespace verifier::testing
