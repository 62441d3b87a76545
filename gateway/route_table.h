#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/path_template.h"

namespace gateway {

// Finds the route of a request. Immutable once built; thread-safe. The cost of a match grows with the length of the
// path, not with the number of routes.
//
// At each segment a literal beats `*`, which beats `**`, whatever the order of registration. Where the best template
// does not take the method, the next best one is tried.
class RouteTable {
 public:
  enum class Outcome { kFound, kNotFound, kMethodNotAllowed, kBadPath };
  struct Match {
    Outcome outcome = Outcome::kNotFound;
    size_t route = 0;                 // with kFound: what was given to Add()
    std::vector<std::string> values;  // with kFound: one for each variable of the template, decoded
    std::string allow;                // with kMethodNotAllowed: the value of `Allow` (RFC 9110 section 10.2.1)
  };

  class Builder {
   public:
    Builder();
    ~Builder();
    // `method` is an HTTP method, or `*` for any. `name` says whose route it is, for the error ALREADY_EXISTS that
    // names both methods when two take the same requests.
    absl::Status Add(std::string_view method, const PathTemplate& path, size_t route, std::string_view name);
    // The same, but takes the place of a route that takes the same requests, and answers which one that was.
    std::optional<size_t> Replace(std::string_view method, const PathTemplate& path, size_t route,
                                  std::string_view name);
    RouteTable Build() &&;

   private:
    friend class RouteTable;
    friend class RouteSearch;
    struct Data;
    struct Place;
    Place Find(const PathTemplate& path);

    std::unique_ptr<Data> data_;
  };

  RouteTable(RouteTable&&) noexcept;
  ~RouteTable();

  // `path` is raw, as it was sent. HEAD finds what GET does, where it has no route of its own. kBadPath: an escape in
  // it is malformed.
  Match Find(std::string_view method, std::string_view path) const;

 private:
  friend class RouteSearch;
  explicit RouteTable(std::unique_ptr<Builder::Data> data);

  std::unique_ptr<Builder::Data> data_;
};

}  // namespace gateway
