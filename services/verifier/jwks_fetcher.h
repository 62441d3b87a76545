#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

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

// Fetches one URL over HTTP, one fetch at a time, and is what its thread sleeps in. The only file that talks to
// libcurl.
//
// Follows no redirect, uses no proxy from the environment, and takes nothing but 200 and 304. Owned by one thread; only
// Wake() may be called from others.
class JwksFetcher {
 public:
  struct Options {
    std::string url;
    absl::Duration connect_timeout = absl::Seconds(1);
    // From the start of the fetch to its last byte.
    absl::Duration total_timeout = absl::Seconds(5);
    size_t max_body_bytes = 256 * 1024;
  };

  explicit JwksFetcher(Options options);
  ~JwksFetcher();

  // Begins a fetch; none may be under way. `etag` makes it conditional where it is not empty.
  void Start(const std::string& etag);
  bool IsUnderWay() const;
  const std::string& url() const { return options_.url; }

  // Waits until the fetch is finished, Wake() is called, or `timeout` has passed. Gives the outcome in the first case:
  // UNAVAILABLE where the endpoint could not be reached, FAILED_PRECONDITION where it answered something else than a
  // key set, each saying what.
  std::optional<absl::StatusOr<JwksResponse>> Wait(absl::Duration timeout);

  // Ends a Wait(), now or the next one.
  void Wake();

 private:
  struct Transfer;

  absl::StatusOr<JwksResponse> Outcome(int curl_code);

  Options options_;
  void* multi_;
  std::unique_ptr<Transfer> transfer_;
};

}  // namespace verifier
