#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/problem.h"

namespace gateway {

// How the messages of a stream stand in an HTTP body.
//
//   newline-delimited JSON   {"result":…}\n   at last {"error":…}\n where it failed
//   server-sent events       id: …\ndata: …\n\n   at last event: error\ndata: …\n\n where it failed
//   a JSON array             [ … , … ]   cut off without its end where it failed
//   octets                   the data of google.api.HttpBody, cut off where it failed
class StreamFormat {
 public:
  enum class Kind { kLines, kEvents, kArray, kOctets };

  explicit StreamFormat(Kind kind) : kind_(kind) {}

  Kind kind() const { return kind_; }
  // With kOctets the messages say it.
  std::string_view content_type() const;
  // What changes nothing for a reader.
  std::string_view heartbeat() const;
  // Whether a failure can be told inside the body.
  bool tells_failures() const { return kind_ == Kind::kLines || kind_ == Kind::kEvents; }

  // One message, which is JSON without line breaks, or octets. `event_id` may be empty.
  std::string Message(std::string body, std::string_view event_id);
  std::string Failure(const Problem& problem, std::string_view request_id) const;
  // What ends a stream that did not fail.
  std::string End() const;

 private:
  const Kind kind_;
  bool is_first_ = true;
};

// The format that an Accept header asks for, lines where it does not care. Nothing where it takes none of them.
std::optional<StreamFormat::Kind> ChooseStreamFormat(std::string_view accept);

}  // namespace gateway
