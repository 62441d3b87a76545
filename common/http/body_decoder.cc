#include "common/http/body_decoder.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

namespace http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

// Bytes that chunk headers may take, beside eight times the body: one-byte chunks are within it, endless extensions
// not.
constexpr uint64_t kChunkOverhead = 16 * 1024;
// Bytes that may be there without making one more step possible: a chunk header is shorter.
constexpr size_t kMaxChunkHeader = 16 * 1024;

// Beast takes obs-fold (RFC 9112 section 5.2), which the head may not have either.
bool HoldsFold(std::string_view lines) {
  return lines.find("\r\n ") != std::string_view::npos || lines.find("\r\n\t") != std::string_view::npos;
}

}  // namespace

struct BodyDecoder::Parser : beast::http::request_parser<beast::http::string_body> {};

BodyDecoder::BodyDecoder(uint64_t limit, const Limits& limits) : limit_(limit), parser_(std::make_unique<Parser>()) {
  parser_->header_limit(static_cast<std::uint32_t>(limits.request_line + limits.headers + 1024));
  parser_->body_limit(limit);
}

BodyDecoder::~BodyDecoder() = default;

bool BodyDecoder::is_done() const { return parser_->is_done(); }

std::string BodyDecoder::TakeBody() { return std::move(parser_->get().body()); }

std::optional<Refusal> BodyDecoder::Start(const RequestHead& head, std::string_view head_bytes) {
  if (head.content_length.value_or(0) > limit_) return Refusal{413, "the body is too large"};
  beast::error_code error;
  parser_->put(asio::buffer(head_bytes.data(), head_bytes.size()), error);
  const bool agrees = parser_->is_header_done() && parser_->chunked() == head.chunked;
  if ((error && error != beast::http::error::need_more) || !agrees) return Refusal{400, "the head is malformed"};
  return std::nullopt;
}

std::optional<Refusal> BodyDecoder::Put(std::string_view* bytes) {
  while (!parser_->is_done() && !bytes->empty()) {
    beast::error_code error;
    const size_t used = parser_->put(asio::buffer(bytes->data(), bytes->size()), error);
    // The last step of chunks is the last chunk's header with all trailers.
    if (parser_->is_done() && parser_->chunked() && HoldsFold(bytes->substr(0, used))) {
      return Refusal{400, "a trailer is folded over two lines"};
    }
    bytes->remove_prefix(used);
    taken_ += used;
    if (taken_ > 8 * limit_ + kChunkOverhead) return Refusal{400, "the chunks are malformed"};
    if (error == beast::http::error::need_more) {
      if (bytes->size() >= kMaxChunkHeader) return Refusal{400, "a chunk header is too large"};
      return std::nullopt;
    }
    if (error == beast::http::error::body_limit) return Refusal{413, "the body is too large"};
    if (error) return Refusal{400, "the body is malformed"};
  }
  return std::nullopt;
}

}  // namespace http
