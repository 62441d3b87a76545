#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/http/limits.h"
#include "common/http/request_head.h"

namespace http {

// Decodes the body of one request (RFC 9112 sections 6 and 7) as its bytes come in. Boost.Beast does the decoding; what
// it makes of the head must agree with what `request_head` made of it. Bounded: by the body's limit, and for what chunk
// headers and extensions may add to it. Not thread-safe.
class BodyDecoder {
 public:
  BodyDecoder(uint64_t limit, const Limits& limits);
  ~BodyDecoder();

  // `head_bytes` are those that `head` was parsed from.
  std::optional<Refusal> Start(const RequestHead& head, std::string_view head_bytes);

  // Takes off the front of `bytes` what belongs to the body.
  std::optional<Refusal> Put(std::string_view* bytes);

  bool is_done() const;
  // With is_done(); once.
  std::string TakeBody();

 private:
  struct Parser;

  const uint64_t limit_;
  uint64_t taken_ = 0;  // as sent, chunk headers included
  std::unique_ptr<Parser> parser_;
};

}  // namespace http
