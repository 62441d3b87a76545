// Chunked bodies: decoded alike however the bytes come in, and never beyond their limit.
#include <algorithm>
#include <cstdint>
#include <variant>

#include "common/http/body_decoder.h"
#include "tests/fuzz/require.h"

namespace {

struct Decoded {
  bool is_refused = false;
  bool is_done = false;
  std::string body;
};

Decoded Decode(std::string_view bytes, size_t step) {
  static const std::string& head_bytes =
      *new std::string("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  constexpr uint64_t kLimit = 64;
  const auto head = http::ParseHead(head_bytes, http::Limits());
  http::BodyDecoder decoder(kLimit, http::Limits());
  Require(!decoder.Start(std::get<http::RequestHead>(head), head_bytes), "the head is sound");
  Decoded decoded;
  std::string waiting;
  for (size_t at = 0; at < bytes.size() && !decoder.is_done(); at += step) {
    waiting.append(bytes.substr(at, step));
    std::string_view unread = waiting;
    if (decoder.Put(&unread)) {
      decoded.is_refused = true;
      return decoded;
    }
    waiting.erase(0, waiting.size() - unread.size());
  }
  decoded.is_done = decoder.is_done();
  if (decoded.is_done) decoded.body = decoder.TakeBody();
  Require(decoded.body.size() <= kLimit, "no body beyond its limit");
  return decoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Decoded whole = Decode(bytes, std::max<size_t>(size, 1));
  const Decoded stepped = Decode(bytes, 1);
  Require(whole.is_done == stepped.is_done && whole.body == stepped.body, "a body is what it is");
  return 0;
}
