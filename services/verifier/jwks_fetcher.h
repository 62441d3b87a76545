#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/verifier/http_client.h"

namespace verifier {

// What a JWKS endpoint answered.
struct JwksResponse {
  // 304: what was fetched before still holds, and `body` is empty.
  bool not_modified = false;
  std::string body;
  // Empty where the answer has none.
  std::string etag;
  // From `Cache-Control` (RFC 9111 section 5.2.2.1).
  std::optional<absl::Duration> max_age;
};

// Fetches one key set, one fetch at a time, and takes nothing but 200 and 304. Owned by one thread, which sleeps in it;
// only Wake() and url() may be called from others.
class JwksFetcher {
 public:
  struct Options {
    std::string url;
    absl::Duration connect_timeout = absl::Seconds(1);
    // From the start of the fetch to its last byte.
    absl::Duration total_timeout = absl::Seconds(5);
    size_t max_body_bytes = 256 * 1024;
    // See HttpRequest.
    std::string ca_file = {};
  };

  explicit JwksFetcher(Options options) : options_(std::move(options)) {}

  const std::string& url() const { return options_.url; }

  // Begins a fetch; none may be under way. `etag` makes it conditional where it is not empty.
  void Start(const std::string& etag);
  bool IsUnderWay() const { return client_.UnderWay() > 0; }

  // Waits until the fetch is finished, Wake() is called, or `timeout` has passed. Gives the outcome in the first case:
  // UNAVAILABLE where the endpoint could not be reached, FAILED_PRECONDITION where it answered something else than a
  // key set, each saying what.
  std::optional<absl::StatusOr<JwksResponse>> Wait(absl::Duration timeout);

  // Ends a Wait(), now or the next one.
  void Wake() { client_.Wake(); }

 private:
  const Options options_;
  HttpClient client_;
};

}  // namespace verifier
