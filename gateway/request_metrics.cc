#include "gateway/request_metrics.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace gateway {
namespace {

using metrics::Samples;
using metrics::Type;

constexpr char kOtherMethod[] = "other";
const std::vector<std::string>& KnownMethods() {
  static const auto* const methods =
      new std::vector<std::string>{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  return *methods;
}

// Of a route, as its methods are told: HEAD finds what GET does.
std::vector<std::string> MethodsOf(const Route& route) {
  if (route.http_method == "*") return KnownMethods();
  if (route.http_method == "GET") return {"GET", "HEAD"};
  return {route.http_method};
}

}  // namespace

RequestMetrics::RequestMetrics(const Api& api) {
  for (const Route& route : api.routes()) {
    std::unique_ptr<Target> target = MakeTarget(route.path->text(), MethodsOf(route),
                                                {route.method->success_status, 401, 403, 404, 429, 500, 503, 504});
    target->is_streaming = route.method->server_streaming;
    routes_.push_back(std::move(target));
  }
  others_.push_back(MakeTarget("preflight", {"OPTIONS"}, {204}));
  others_.push_back(MakeTarget("/health", {"GET", "HEAD"}, {200}));
  others_.push_back(MakeTarget("/readyz", {"GET", "HEAD"}, {200, 503}));
  others_.push_back(MakeTarget("document", {"GET", "HEAD"}, {200}));
  others_.push_back(MakeTarget("unknown", KnownMethods(), {404}));
  others_.push_back(MakeTarget("refused", {}, {400, 408, 413, 414, 429, 431, 500, 503}));
}

std::unique_ptr<RequestMetrics::Target> RequestMetrics::MakeTarget(std::string name,
                                                                   const std::vector<std::string>& methods,
                                                                   std::vector<int> expected) {
  auto target = std::make_unique<Target>();
  target->name = std::move(name);
  target->expected = std::move(expected);
  for (const std::string& method : methods) {
    target->cells.push_back(std::make_unique<Cell>());
    target->cells.back()->method = method;
  }
  target->cells.push_back(std::make_unique<Cell>());
  target->cells.back()->method = kOtherMethod;
  return target;
}

void RequestMetrics::CountOther(std::string_view name, std::string_view method, int status, absl::Duration took) {
  const auto found =
      std::find_if(others_.begin(), others_.end(), [name](const auto& target) { return target->name == name; });
  if (found != others_.end()) Count(**found, method, status, took);
}

void RequestMetrics::Count(Target& target, std::string_view method, int status, std::optional<absl::Duration> took) {
  auto cell = target.cells.begin();
  while (std::next(cell) != target.cells.end() && (*cell)->method != method) ++cell;
  (*cell)->by_status[static_cast<size_t>(std::clamp(status, kMinStatus, kMaxStatus) - kMinStatus)].Add();
  if (took && !target.is_streaming) (*cell)->seconds.Observe(*took);
}

std::vector<const RequestMetrics::Target*> RequestMetrics::Targets() const {
  std::vector<const Target*> targets;
  for (const auto& target : routes_) targets.push_back(target.get());
  for (const auto& target : others_) targets.push_back(target.get());
  return targets;
}

void RequestMetrics::AddTo(metrics::Registry& registry) const {
  registry.Add(
      Type::kCounter, "http_requests_total", "Requests that were answered, by the answer's status.",
      [this](Samples& samples) {
        for (const Target* target : Targets()) {
          for (const auto& cell : target->cells) {
            const bool is_main = cell == target->cells.front();
            for (int status = kMinStatus; status <= kMaxStatus; ++status) {
              const metrics::Counter& count = cell->by_status[static_cast<size_t>(status - kMinStatus)];
              const std::vector<int>& expected = target->expected;
              const bool is_expected = is_main && std::find(expected.begin(), expected.end(), status) != expected.end();
              if (count.value() == 0 && !is_expected) continue;
              samples.Add({{"route", target->name}, {"method", cell->method}, {"code", absl::StrCat(status)}}, count);
            }
          }
        }
      });
  registry.Add(Type::kHistogram, "http_request_duration_seconds",
               "Time from the arrival of a request to its answer; streams are left out.", [this](Samples& samples) {
                 for (const Target* target : Targets()) {
                   for (const auto& cell : target->cells) {
                     const bool is_main = cell == target->cells.front() && !target->is_streaming;
                     if (!is_main && cell->seconds.sum() == absl::ZeroDuration()) continue;
                     samples.Add({{"route", target->name}, {"method", cell->method}}, cell->seconds);
                   }
                 }
               });
}

}  // namespace gateway
