#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/metrics/counter.h"
#include "common/metrics/histogram.h"
#include "common/metrics/registry.h"
#include "gateway/api.h"

namespace gateway {

// Counts requests by route, method and status, and times those that do not stream: how long a stream lasts is its
// client's choice. A route is named by its template; what none takes, by one name for all. All cells are made at the
// start, so that counting allocates nothing. Thread-safe.
class RequestMetrics {
 public:
  explicit RequestMetrics(const Api& api);

  // A request to the API's route number `route`.
  void CountRoute(size_t route, std::string_view method, int status, absl::Duration took) {
    Count(*routes_[route], method, status, took);
  }
  // A request to none of them; `name` is how the log calls it.
  void CountOther(std::string_view name, std::string_view method, int status, absl::Duration took);
  // A request that reached no route: malformed, over a limit, shed.
  void CountRefused(int status) { Count(*others_.back(), "", status, std::nullopt); }

  // Adds `http_requests_total` and `http_request_duration_seconds` to `registry`, which this must outlive.
  void AddTo(metrics::Registry& registry) const;

 private:
  static constexpr int kMinStatus = 200;
  static constexpr int kMaxStatus = 599;

  // The requests of one method.
  struct Cell {
    std::string method;
    std::array<metrics::Counter, kMaxStatus - kMinStatus + 1> by_status;
    metrics::Histogram seconds;
  };
  struct Target {
    std::string name;
    bool is_streaming = false;
    // What is told from the beginning on, though it never happened.
    std::vector<int> expected;
    // By method; the last is for those that have no cell of their own.
    std::vector<std::unique_ptr<Cell>> cells;
  };

  static std::unique_ptr<Target> MakeTarget(std::string name, const std::vector<std::string>& methods,
                                            std::vector<int> expected);
  static void Count(Target& target, std::string_view method, int status, std::optional<absl::Duration> took);
  std::vector<const Target*> Targets() const;

  std::vector<std::unique_ptr<Target>> routes_;
  std::vector<std::unique_ptr<Target>> others_;
};

}  // namespace gateway
