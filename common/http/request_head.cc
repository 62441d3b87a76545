#include "common/http/request_head.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

namespace http {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

bool SameName(std::string_view a, std::string_view b) { return absl::EqualsIgnoreCase(View(a), View(b)); }

// RFC 9110 section 5.6.2.
bool IsTokenByte(unsigned char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return c != 0 && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}

bool IsToken(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenByte); }

bool IsValueByte(unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); }

bool IsTargetByte(unsigned char c) { return c > 0x20 && c < 0x7f && c != '#'; }

bool IsHostByte(unsigned char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return c != 0 && std::string_view("-._~!$&'()*+,;=:[]%").find(static_cast<char>(c)) != std::string_view::npos;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes the next line off `bytes`, without its CRLF.
std::optional<std::string_view> TakeLine(std::string_view* bytes) {
  const size_t end = bytes->find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = bytes->substr(0, end);
  bytes->remove_prefix(end + 2);
  return line;
}

std::optional<Refusal> ParseTarget(std::string_view target, RequestHead* head) {
  if (target.empty() || !std::all_of(target.begin(), target.end(), IsTargetByte)) {
    return Refusal{400, "the request target is malformed"};
  }
  // The absolute form (RFC 9112 section 3.2.2): what counts is behind the authority.
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!SameName(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const size_t path = target.find_first_of("/?");
    if (path == 0 || path == std::string_view::npos || target[path] == '?') {
      return Refusal{400, "the request target is malformed"};
    }
    target.remove_prefix(path);
    break;
  }
  const bool is_asterisk = target == "*" && head->method == "OPTIONS";
  if (target.front() != '/' && !is_asterisk) return Refusal{400, "the request target is malformed"};
  const size_t question = target.find('?');
  head->path = target.substr(0, question);
  if (question != std::string_view::npos) head->query = target.substr(question + 1);
  return std::nullopt;
}

std::optional<Refusal> ParseRequestLine(std::string_view line, RequestHead* head) {
  const size_t first = line.find(' ');
  const size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return Refusal{400, "the request line is malformed"};
  head->method = line.substr(0, first);
  const std::string_view version = line.substr(second + 1);
  if (!IsToken(head->method)) return Refusal{400, "the method is malformed"};
  if (version == "HTTP/1.1") {
    head->minor_version = 1;
  } else if (version == "HTTP/1.0") {
    head->minor_version = 0;
  } else if (version.size() == 8 && version.substr(0, 5) == "HTTP/" && version[6] == '.') {
    return Refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  } else {
    return Refusal{400, "the request line is malformed"};
  }
  return ParseTarget(line.substr(first + 1, second - first - 1), head);
}

std::optional<Refusal> ParseField(std::string_view line, const Limits& limits, RequestHead* head) {
  if (line.size() > limits.header) return Refusal{431, "a header is too large"};
  if (line.front() == ' ' || line.front() == '\t') return Refusal{400, "a header is folded over two lines"};
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) return Refusal{400, "a header is malformed"};
  const std::string_view value = Trim(line.substr(colon + 1));
  if (!std::all_of(value.begin(), value.end(), IsValueByte)) return Refusal{400, "a header holds a control character"};
  if (head->fields.size() == limits.header_count) return Refusal{431, "there are too many headers"};
  head->fields.push_back({line.substr(0, colon), value});
  return std::nullopt;
}

std::optional<Refusal> ReadContentLength(std::string_view value, RequestHead* head) {
  const bool digits = !value.empty() && value.size() <= 18 &&
                      std::all_of(value.begin(), value.end(), [](unsigned char c) { return c >= '0' && c <= '9'; });
  uint64_t length = 0;
  if (!digits || !absl::SimpleAtoi(View(value), &length)) return Refusal{400, "Content-Length is malformed"};
  if (head->content_length) return Refusal{400, "Content-Length stands twice"};
  head->content_length = length;
  return std::nullopt;
}

std::optional<Refusal> ReadTransferEncoding(std::string_view value, RequestHead* head) {
  if (head->minor_version == 0) return Refusal{400, "Transfer-Encoding does not belong in HTTP/1.0"};
  if (head->chunked || !SameName(value, "chunked")) {
    return Refusal{400, "Transfer-Encoding may only be exactly \"chunked\""};
  }
  head->chunked = true;
  return std::nullopt;
}

bool ListHolds(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    if (SameName(Trim(list.substr(0, comma)), wanted)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

// The fields that decide where the message ends and what becomes of the connection.
std::optional<Refusal> ReadFraming(RequestHead* head) {
  size_t hosts = 0;
  bool close = head->minor_version == 0;
  for (const HeaderField& field : head->fields) {
    std::optional<Refusal> refusal;
    if (SameName(field.name, "host")) {
      ++hosts;
      if (!std::all_of(field.value.begin(), field.value.end(), IsHostByte)) refusal = Refusal{400, "Host is malformed"};
    } else if (SameName(field.name, "content-length")) {
      refusal = ReadContentLength(field.value, head);
    } else if (SameName(field.name, "transfer-encoding")) {
      refusal = ReadTransferEncoding(field.value, head);
    } else if (SameName(field.name, "connection")) {
      close = close || ListHolds(field.value, "close");
    } else if (SameName(field.name, "expect")) {
      if (!SameName(field.value, "100-continue")) return Refusal{417, "only \"100-continue\" can be expected"};
      head->expects_continue = head->minor_version == 1;
    }
    if (refusal) return refusal;
  }
  if (hosts > 1) return Refusal{400, "Host stands twice"};
  if (hosts == 0 && head->minor_version == 1) return Refusal{400, "Host is missing"};
  if (head->chunked && head->content_length) {
    return Refusal{400, "Content-Length and Transfer-Encoding exclude each other"};
  }
  head->keep_alive = !close;
  return std::nullopt;
}

}  // namespace

bool IsNamed(const HeaderField& field, std::string_view name) { return SameName(field.name, name); }

std::optional<std::string_view> RequestHead::Find(std::string_view name) const {
  for (const HeaderField& field : fields) {
    if (SameName(field.name, name)) return field.value;
  }
  return std::nullopt;
}

size_t RequestHead::Count(std::string_view name) const {
  return static_cast<size_t>(
      std::count_if(fields.begin(), fields.end(), [name](const HeaderField& f) { return SameName(f.name, name); }));
}

HeadEnd FindHeadEnd(std::string_view bytes, const Limits& limits, size_t* scanned) {
  const auto refuse = [](int status, std::string_view detail) {
    return HeadEnd{HeadEnd::State::kRefused, 0, Refusal{status, detail}};
  };
  size_t i = *scanned;
  for (; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == '\0') return refuse(400, "the head holds a NUL byte");
    if (c == '\n' && (i == 0 || bytes[i - 1] != '\r')) return refuse(400, "a line ends in a bare LF");
    if (c != '\n' && i > 0 && bytes[i - 1] == '\r') return refuse(400, "a line holds a bare CR");
    if (c == '\n' && i >= 3 && bytes[i - 2] == '\n') {
      return HeadEnd{HeadEnd::State::kComplete, i + 1, {}};
    }
  }
  *scanned = i;
  const size_t line_end = bytes.find('\n');
  if (line_end == std::string_view::npos) {
    if (bytes.size() > limits.request_line + 2) return refuse(414, "the request line is too long");
  } else if (bytes.size() - line_end - 1 > limits.headers + 2) {
    return refuse(431, "the headers are too large");
  }
  return HeadEnd{};
}

std::variant<RequestHead, Refusal> ParseHead(std::string_view bytes, const Limits& limits) {
  // FindHeadEnd has seen to this where bytes come from a socket; here any bytes are fine.
  size_t scanned = 0;
  const HeadEnd end = FindHeadEnd(bytes, limits, &scanned);
  if (end.state == HeadEnd::State::kRefused) return end.refusal;
  if (end.state == HeadEnd::State::kNeedMore || end.size != bytes.size())
    return Refusal{400, "the head is not complete"};

  RequestHead head;
  head.fields.reserve(16);
  const std::optional<std::string_view> request_line = TakeLine(&bytes);
  if (!request_line) return Refusal{400, "the request line is malformed"};
  if (request_line->size() > limits.request_line) return Refusal{414, "the request line is too long"};
  if (bytes.size() > limits.headers + 2) return Refusal{431, "the headers are too large"};
  if (auto refusal = ParseRequestLine(*request_line, &head)) return *refusal;
  while (true) {
    const std::optional<std::string_view> line = TakeLine(&bytes);
    if (!line) return Refusal{400, "a header is malformed"};
    if (line->empty()) break;
    if (auto refusal = ParseField(*line, limits, &head)) return *refusal;
  }
  if (auto refusal = ReadFraming(&head)) return *refusal;
  return head;
}

}  // namespace http
