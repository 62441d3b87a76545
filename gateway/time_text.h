#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// google.protobuf.Timestamp and Duration as the proto3 JSON mapping spells them. Pure.
namespace gateway {

struct SecondsAndNanos {
  int64_t seconds = 0;
  int32_t nanos = 0;
};

// RFC 3339 with an offset or `Z`, up to nine digits of a second, years 0001 to 9999.
std::optional<SecondsAndNanos> ParseTimestamp(std::string_view text);
// Appends the time in UTC with 0, 3, 6 or 9 digits of a second. False where it is out of range.
bool AppendTimestamp(SecondsAndNanos time, std::string* out);

// Seconds with up to nine digits behind the point and an `s`, at most 315,576,000,000 either way.
std::optional<SecondsAndNanos> ParseDuration(std::string_view text);
// False where it is out of range or its parts have different signs.
bool AppendDuration(SecondsAndNanos duration, std::string* out);

}  // namespace gateway
