#include "gateway/stream_format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/media_type.h"

namespace gateway {
namespace {

using Kind = StreamFormat::Kind;

constexpr std::array<std::string_view, 5> kOffers = {"application/x-ndjson", "application/ndjson", "application/jsonl",
                                                     "text/event-stream", "application/json"};
constexpr std::array<Kind, 5> kKinds = {Kind::kLines, Kind::kLines, Kind::kLines, Kind::kEvents, Kind::kArray};

bool FitsOneLine(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20; });
}

}  // namespace

std::string_view StreamFormat::content_type() const {
  switch (kind_) {
    case Kind::kLines:
      return "application/x-ndjson";
    case Kind::kEvents:
      return "text/event-stream";
    case Kind::kArray:
      return "application/json";
    default:
      return "application/octet-stream";
  }
}

std::string_view StreamFormat::heartbeat() const {
  switch (kind_) {
    case Kind::kEvents:
      return ":\n\n";
    case Kind::kOctets:
      return "";
    default:
      return "\n";
  }
}

std::string StreamFormat::Message(std::string body, std::string_view event_id) {
  const bool is_first = std::exchange(is_first_, false);
  switch (kind_) {
    case Kind::kLines:
      return "{\"result\":" + std::move(body) + "}\n";
    case Kind::kEvents: {
      std::string event;
      if (!event_id.empty() && FitsOneLine(event_id)) event.append("id: ").append(event_id).append("\n");
      return event.append("data: ").append(body).append("\n\n");
    }
    case Kind::kArray:
      return (is_first ? "[" : ",") + std::move(body);
    default:
      return body;
  }
}

std::string StreamFormat::Failure(const Problem& problem, std::string_view request_id) const {
  if (kind_ == Kind::kLines) return "{\"error\":" + ToJson(problem, request_id) + "}\n";
  if (kind_ == Kind::kEvents) return "event: error\ndata: " + ToJson(problem, request_id) + "\n\n";
  return "";
}

std::string StreamFormat::End() const {
  if (kind_ != Kind::kArray) return "";
  return is_first_ ? "[]" : "]";
}

std::optional<StreamFormat::Kind> ChooseStreamFormat(std::string_view accept) {
  const std::optional<size_t> offer = ChooseMediaType(accept, {kOffers.begin(), kOffers.end()});
  if (!offer) return std::nullopt;
  return kKinds[*offer];
}

}  // namespace gateway
