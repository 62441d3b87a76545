#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace http {

// One whole answer. `Date`, `Content-Length` and `Connection` are the server's and must not be added.
class Response {
 public:
  explicit Response(int status = 200) : status_(status) {}

  int status() const { return status_; }
  void set_status(int status) { status_ = status; }

  // CR, LF and NUL in a value become spaces: no value can forge a header.
  void AddHeader(std::string_view name, std::string_view value);
  // Adds lines that are known to be well formed, each with its CRLF.
  void AddHeaderLines(std::string_view lines) { header_lines_.append(lines); }
  const std::string& header_lines() const { return header_lines_; }
  // The value of the first header of this name, compared without regard to case.
  std::optional<std::string> Find(std::string_view name) const;
  bool Has(std::string_view name) const { return Find(name).has_value(); }

  std::string body;
  // Ends the connection behind this answer.
  bool close = false;

 private:
  int status_;
  std::string header_lines_;
};

// The reason phrase of a status (RFC 9110 section 15); empty for one that is not known.
std::string_view ReasonPhrase(int status);

}  // namespace http
