#include "common/metrics/registry.h"

#include <prometheus/check_names.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <sstream>

namespace metrics {
namespace {

prometheus::MetricType ToPrometheus(Type type) {
  switch (type) {
    case Type::kCounter:
      return prometheus::MetricType::Counter;
    case Type::kGauge:
      return prometheus::MetricType::Gauge;
    case Type::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

prometheus::ClientMetric& Append(prometheus::MetricFamily& family, Samples::Labels labels) {
  prometheus::ClientMetric& metric = family.metric.emplace_back();
  for (const auto& [name, value] : labels) metric.label.push_back({std::string(name), std::string(value)});
  return metric;
}

[[noreturn]] void Refuse(const std::string& name, const char* problem) {
  std::fprintf(stderr, "the metric %s %s\n", name.c_str(), problem);
  std::abort();
}

}  // namespace

void Samples::Add(Labels labels, double value) {
  prometheus::ClientMetric& metric = Append(family_, labels);
  metric.counter.value = value;
  metric.gauge.value = value;
}

void Samples::Add(Labels labels, const Histogram& histogram) {
  prometheus::ClientMetric::Histogram& values = Append(family_, labels).histogram;
  values.sample_sum = absl::ToDoubleSeconds(histogram.sum());
  const Bounds bounds = histogram.bounds();
  for (size_t i = 0; i <= bounds.size(); ++i) {
    values.sample_count += histogram.count(i);
    const double bound = i < bounds.size() ? absl::ToDoubleSeconds(bounds[i]) : std::numeric_limits<double>::infinity();
    values.bucket.push_back({values.sample_count, bound});
  }
}

struct Registry::Metric {
  Type type;
  std::string name;
  std::string help;
  Collect collect;
};

Registry::Registry() = default;
Registry::~Registry() = default;

void Registry::Add(Type type, std::string_view name, std::string_view help, Collect collect) {
  auto metric = std::make_shared<const Metric>(Metric{type, std::string(name), std::string(help), std::move(collect)});
  if (!prometheus::CheckMetricName(metric->name)) Refuse(metric->name, "has a name that Prometheus does not take");
  common::MutexLock lock(mutex_);
  for (const auto& other : metrics_) {
    if (other->name == metric->name) Refuse(metric->name, "is there twice");
  }
  metrics_.push_back(std::move(metric));
}

void Registry::AddCounter(std::string_view name, std::string_view help, const Counter& counter) {
  Add(Type::kCounter, name, help, [&counter](Samples& samples) { samples.Add({}, counter); });
}

void Registry::AddGauge(std::string_view name, std::string_view help, std::function<double()> value) {
  Add(Type::kGauge, name, help, [value = std::move(value)](Samples& samples) { samples.Add({}, value()); });
}

std::string Registry::Scrape() const {
  std::vector<std::shared_ptr<const Metric>> metrics;
  {
    common::MutexLock lock(mutex_);
    metrics = metrics_;
  }
  std::vector<prometheus::MetricFamily> families;
  families.reserve(metrics.size());
  for (const auto& metric : metrics) {
    families.push_back({metric->name, metric->help, ToPrometheus(metric->type), {}});
    Samples samples(families.back());
    metric->collect(samples);
  }
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return std::move(text).str();
}

}  // namespace metrics
