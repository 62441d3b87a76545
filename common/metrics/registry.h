#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/mutex.h"
#include "common/metrics/counter.h"
#include "common/metrics/histogram.h"

namespace prometheus {
struct MetricFamily;
}

namespace metrics {

enum class Type { kCounter, kGauge, kHistogram };

// The values of one metric at one scrape. Label values must come from closed sets that the program or its configuration
// knows: never from a client.
class Samples {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  explicit Samples(prometheus::MetricFamily& family) : family_(family) {}

  // Of a counter or a gauge.
  void Add(Labels labels, double value);
  void Add(Labels labels, const Counter& counter) { Add(labels, static_cast<double>(counter.value())); }
  void Add(Labels labels, const Histogram& histogram);

 private:
  prometheus::MetricFamily& family_;
};

// The metrics of one process, as Prometheus reads them. What is counted lives in the parts that count it; this knows
// how to read it. Thread-safe.
class Registry {
 public:
  // Appends what a metric's values are now. Called at each scrape, by one thread at a time or several; must not wait
  // for anything but a short lock.
  using Collect = std::function<void(Samples&)>;

  Registry();
  ~Registry();

  // What `collect` reads must outlive the last scrape. A name that is malformed or was added already ends the process:
  // one scrape with two metrics of one name is refused as a whole.
  void Add(Type type, std::string_view name, std::string_view help, Collect collect) EXCLUDES(mutex_);
  // One value without labels.
  void AddCounter(std::string_view name, std::string_view help, const Counter& counter);
  void AddGauge(std::string_view name, std::string_view help, std::function<double()> value);

  // All values now, in Prometheus's text format 0.0.4.
  std::string Scrape() const EXCLUDES(mutex_);

 private:
  struct Metric;

  mutable common::Mutex mutex_;
  std::vector<std::shared_ptr<const Metric>> metrics_ GUARDED_BY(mutex_);
};

}  // namespace metrics
