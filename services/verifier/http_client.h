#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace verifier {

// One GET.
struct HttpRequest {
  std::string url;
  // Whole lines, such as `Accept: application/json`, without line breaks.
  std::vector<std::string> headers;
  absl::Duration connect_timeout = absl::Seconds(1);
  // From the start to the last byte.
  absl::Duration total_timeout = absl::Seconds(5);
  size_t max_body_bytes = 256 * 1024;
  // PEM file of the authorities that vouch for https servers; empty means those that the system knows.
  std::string ca_file = {};
};

// What came back, whatever the status.
struct HttpAnswer {
  int status = 0;
  std::string body;
  // Empty where the answer has none.
  std::string etag;
  // From `Cache-Control` (RFC 9111 section 5.2.2.1); the shortest where there are several.
  std::optional<absl::Duration> max_age;
};

// Sends GET requests over HTTP, several at once, and is what its thread sleeps in. The only file that talks to libcurl.
//
// Follows no redirect, uses no proxy from the environment, and needs TLS 1.2 and a
// certificate that is good for the host. Owned by one thread; only Wake() may be
// called from others.
class HttpClient {
 public:
  using RequestId = int64_t;
  struct Finished {
    RequestId id;
    // UNAVAILABLE where no answer came, FAILED_PRECONDITION where it is too large, each saying what.
    absl::StatusOr<HttpAnswer> answer;
  };

  HttpClient();
  // Ends the requests under way.
  ~HttpClient();

  RequestId Start(const HttpRequest& request);
  size_t UnderWay() const { return transfers_.size(); }

  // Waits until a request is finished, Wake() is called, or `timeout` has passed; gives those that are finished.
  std::vector<Finished> Wait(absl::Duration timeout);

  // Ends a Wait(), now or the next one.
  void Wake();

 private:
  struct Transfer;

  void* multi_;
  RequestId last_id_ = 0;
  // By libcurl's handle.
  std::map<void*, std::unique_ptr<Transfer>> transfers_;
};

}  // namespace verifier
