#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gateway_testing {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; the last of several
  std::string body;
};

// One connection to 127.0.0.1 that sends bytes as they are given. Every wait is bounded by five seconds.
class RawHttpClient {
 public:
  // With `receive_buffer` the system takes no more than about so many bytes ahead of what is read.
  explicit RawHttpClient(uint16_t port, int receive_buffer = 0);
  ~RawHttpClient();
  RawHttpClient(const RawHttpClient&) = delete;
  RawHttpClient& operator=(const RawHttpClient&) = delete;

  bool connected() const { return socket_ >= 0; }
  void Send(std::string_view bytes);
  // Says that no more will be sent.
  void EndInput();
  // Reads one answer; nothing where the connection ends before. `has_body` is false for an answer to HEAD.
  // Chunks are put together.
  std::optional<HttpAnswer> Read(bool has_body = true);
  // The same in steps: status and headers, then each chunk; an empty one is the last.
  std::optional<HttpAnswer> ReadHead();
  std::optional<std::string> ReadChunk();
  // What comes until the server closes the connection.
  std::string ReadToEnd();
  // The next `size` bytes, fewer where the connection ends before.
  std::string ReadBytes(size_t size);
  // Whether something came, or the connection ended, within `milliseconds`.
  bool IsReadable(int milliseconds);
  // Whether the server closes the connection without sending anything more.
  bool ClosedByServer();
  void Close();

 private:
  bool Fill();
  bool FillTo(size_t size);

  int socket_ = -1;
  std::string buffer_;
};

// Sends one request with `Connection: close` on a connection of its own. `headers` are whole lines, each with CRLF.
HttpAnswer Fetch(uint16_t port, std::string_view method, std::string_view target, std::string_view body = "",
                 std::string_view headers = "");

}  // namespace gateway_testing
