#include "tests/support/metrics/scrape.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/gateway/raw_http_client.h"

namespace metrics_testing {
namespace {

// Label values here hold neither `"` nor `\`.
std::map<std::string, std::string> LabelsOf(std::string_view text) {
  std::map<std::string, std::string> labels;
  while (!text.empty()) {
    const size_t equals = text.find("=\"");
    const size_t end = equals == std::string_view::npos ? equals : text.find('"', equals + 2);
    if (end == std::string_view::npos) {
      ADD_FAILURE() << "no label: " << text;
      return labels;
    }
    labels[std::string(text.substr(0, equals))] = std::string(text.substr(equals + 2, end - equals - 2));
    text.remove_prefix(end + 1);
    if (!text.empty() && text.front() == ',') text.remove_prefix(1);
  }
  return labels;
}

}  // namespace

Scrape::Scrape(std::string_view text) : text_(text) {
  for (const absl::string_view line : absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    ReadLine({line.data(), line.size()});
  }
}

Scrape Scrape::Of(uint16_t admin_port) {
  const gateway_testing::HttpAnswer answer = gateway_testing::Fetch(admin_port, "GET", "/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  return Scrape(answer.body);
}

void Scrape::ReadLine(std::string_view line) {
  constexpr std::string_view kType = "# TYPE ";
  if (line.empty()) return;
  if (line.substr(0, kType.size()) == kType) {
    const std::string_view rest = line.substr(kType.size());
    EXPECT_TRUE(names_.emplace(rest.substr(0, rest.find(' '))).second) << "twice: " << line;
    return;
  }
  if (line.front() == '#') return;
  const size_t space = line.rfind(' ');
  ASSERT_NE(space, std::string_view::npos) << line;
  const std::string_view series = line.substr(0, space);
  const size_t brace = series.find('{');
  const std::string name(series.substr(0, brace));
  std::string key = name;
  if (brace != std::string_view::npos) {
    const char* separator = "{";
    for (const auto& [label, value] : LabelsOf(series.substr(brace + 1, series.size() - brace - 2))) {
      labels_[name].insert(label);
      absl::StrAppend(&key, separator, label, "=\"", value, "\"");
      separator = ",";
    }
    key.push_back('}');
  }
  const std::string number(line.substr(space + 1));
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  EXPECT_EQ(*end, '\0') << line;
  EXPECT_TRUE(values_.emplace(key, value).second) << "twice: " << line;
}

double Scrape::operator[](const std::string& series) const {
  const auto found = values_.find(series);
  return found == values_.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

double Scrape::Sum(const std::string& name) const {
  double sum = 0;
  for (const auto& [series, value] : values_) {
    if (series == name || series.rfind(name + "{", 0) == 0) sum += value;
  }
  return sum;
}

}  // namespace metrics_testing
