#include "common/http/response.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace http {

void Response::AddHeader(std::string_view name, std::string_view value) {
  header_lines_.append(name).append(": ");
  const size_t start = header_lines_.size();
  header_lines_.append(value);
  std::replace_if(
      header_lines_.begin() + static_cast<std::ptrdiff_t>(start), header_lines_.end(),
      [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  header_lines_.append("\r\n");
}

std::optional<std::string> Response::Find(std::string_view name) const {
  std::string_view rest = header_lines_;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const size_t colon = line.find(':');
    if (absl::EqualsIgnoreCase({line.data(), colon}, {name.data(), name.size()})) {
      return std::string(line.substr(colon + 2));
    }
    rest.remove_prefix(line.size() + 2);
  }
  return std::nullopt;
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

}  // namespace http
