// HTTP heads: the end is found alike however the bytes come in, and what is taken has one framing.
#include <cstdint>
#include <variant>

#include "common/http/request_head.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const http::Limits limits;
  size_t scanned = 0;
  const http::HeadEnd whole = http::FindHeadEnd(bytes, limits, &scanned);
  size_t seen = 0;
  http::HeadEnd stepped;
  for (size_t i = 1; i <= size && stepped.state == http::HeadEnd::State::kNeedMore; ++i) {
    stepped = http::FindHeadEnd(bytes.substr(0, i), limits, &seen);
  }
  Require(stepped.state == whole.state && stepped.size == whole.size, "a head ends where it ends");
  if (whole.state != http::HeadEnd::State::kComplete) return 0;
  const auto parsed = http::ParseHead(bytes.substr(0, whole.size), limits);
  if (const auto* head = std::get_if<http::RequestHead>(&parsed)) {
    Require(!(head->chunked && head->content_length), "one framing");
    Require(head->minor_version == 0 || head->Count("host") == 1, "one host");
    Require(head->path.front() == '/' || head->path == "*", "a path or an asterisk");
  }
  return 0;
}
