#pragma once

#include <google/protobuf/timestamp.pb.h>

#include "absl/time/time.h"

namespace verifier {

// `time` must lie in the years 1 to 9999.
inline void SetTimestamp(absl::Time time, google::protobuf::Timestamp& timestamp) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace verifier
