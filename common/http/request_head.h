#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "common/http/limits.h"

namespace http {

// One header line. Neither side holds surrounding white space.
struct HeaderField {
  std::string_view name;
  std::string_view value;
};

// Whether the field has this name, compared without regard to case.
bool IsNamed(const HeaderField& field, std::string_view name);

// The head of one request, checked (RFC 9112). Its views lead into the bytes that it was parsed from.
struct RequestHead {
  std::string_view method;
  std::string_view path;   // raw, from the first `/`; `*` for `OPTIONS *`
  std::string_view query;  // raw, without the `?`; empty where there is none
  int minor_version = 1;   // of HTTP/1.x
  std::vector<HeaderField> fields;

  std::optional<uint64_t> content_length;
  bool chunked = false;
  // Whether the connection may serve another request.
  bool keep_alive = true;
  bool expects_continue = false;

  // The value of the first field of this name, compared without regard to case.
  std::optional<std::string_view> Find(std::string_view name) const;
  // How many fields of this name there are.
  size_t Count(std::string_view name) const;
  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

// Why a request is answered by the server itself.
struct Refusal {
  int status = 400;
  // What is wrong, in words for the client. A literal.
  std::string_view detail;
  // The address of the peer, without its port; set for Handler::Refuse().
  std::string_view peer = {};
};

// Where a head ends in a stream of bytes.
struct HeadEnd {
  enum class State { kComplete, kNeedMore, kRefused };
  State state = State::kNeedMore;
  size_t size = 0;  // with kComplete: the bytes of the head, the empty line included
  Refusal refusal;  // with kRefused
};

// Looks for the end of the head that begins at `bytes`. `scanned` is how many of them an earlier call has seen already
// (0 at first; updated), so that a head that trickles in is scanned once. Refuses at once what can become no head: NUL,
// a bare CR or LF, a request line or headers over their limits.
HeadEnd FindHeadEnd(std::string_view bytes, const Limits& limits, size_t* scanned);

// Parses and checks one complete head. Stricter than RFC 9112 wherever two readers could come to two views of one
// message (section 11.2): no obs-fold, exactly one Host in HTTP/1.1, one Content-Length of digits only and not beside
// Transfer-Encoding, no other Transfer-Encoding than exactly `chunked` and none in HTTP/1.0. Pure; any bytes are fine.
std::variant<RequestHead, Refusal> ParseHead(std::string_view bytes, const Limits& limits);

}  // namespace http
