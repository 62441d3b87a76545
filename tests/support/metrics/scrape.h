#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace metrics_testing {

// One scrape of an admin port, read as Prometheus reads it (text format 0.0.4). Fails the test where a line is none.
class Scrape {
 public:
  explicit Scrape(std::string_view text);
  // Asks the admin port on this machine.
  static Scrape Of(uint16_t admin_port);

  // The value of a series: `name` or `name{label="value",…}` with the labels in alphabetical order. NaN, which equals
  // nothing, where there is none.
  double operator[](const std::string& series) const;
  bool Has(const std::string& series) const { return values_.count(series) > 0; }
  // The sum over all series of a metric.
  double Sum(const std::string& name) const;
  // The names that have a TYPE.
  const std::set<std::string>& names() const { return names_; }
  // Every label name by the metric's name.
  const std::map<std::string, std::set<std::string>>& labels() const { return labels_; }
  const std::string& text() const { return text_; }

 private:
  void ReadLine(std::string_view line);

  std::string text_;
  std::set<std::string> names_;
  std::map<std::string, std::set<std::string>> labels_;
  std::map<std::string, double> values_;
};

}  // namespace metrics_testing
