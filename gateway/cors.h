#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/http/response.h"

namespace gateway {

// Which web origins may read answers (the Fetch standard's CORS protocol). Immutable; thread-safe.
class CorsPolicy {
 public:
  // Each origin exactly as browsers send it: scheme, host and, where it is not the default, port. Fails on the first
  // that is none: `*`, `null`, a path, upper case.
  // With `allows_credentials` a page may have the browser send cookies.
  static absl::StatusOr<CorsPolicy> Create(const std::vector<std::string>& origins, bool allows_credentials = false);

  // Adds what lets a page of `origin` read this answer, if it may, and `Vary` in any case.
  void AddHeaders(std::string_view origin, http::Response* response) const;
  // The answer to a preflight, without the above.
  static void AddPreflightHeaders(http::Response* response);

 private:
  std::set<std::string, std::less<>> origins_;
  bool allows_credentials_ = false;
};

}  // namespace gateway
