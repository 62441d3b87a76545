// docs/metrics.md names each metric that the binaries tell, with its labels, and no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "tests/integration/metrics/stack.h"

namespace metrics_testing {
namespace {

// Label names by the metric's name.
using Metrics = std::map<std::string, std::set<std::string>>;

std::set<std::string> Quoted(const std::string& text) {
  static const std::regex kQuoted("`([^`]+)`");
  std::set<std::string> names;
  for (std::sregex_iterator match(text.begin(), text.end(), kQuoted), end; match != end; ++match) {
    names.insert((*match)[1]);
  }
  return names;
}

// What the page's tables say, by the heading above them.
std::map<std::string, Metrics> ReadPage() {
  static const std::regex kRow(R"(\| ([^|]*) \| (counter|gauge|histogram) \|([^|]*)\|.*)");
  std::map<std::string, Metrics> page;
  std::ifstream file(METRICS_PAGE);
  std::string heading;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("## ", 0) == 0) heading = line.substr(3);
    std::smatch row;
    if (!std::regex_match(line, row, kRow)) continue;
    for (const std::string& name : Quoted(row[1])) page[heading][name] = Quoted(row[3]);
  }
  return page;
}

// What a scrape holds, without the labels that the format itself adds.
Metrics ReadScrape(const Scrape& scrape) {
  Metrics metrics;
  for (const std::string& name : scrape.names()) metrics[name];
  for (const auto& [series, labels] : scrape.labels()) {
    static const std::regex kPart("_(bucket|count|sum)$");
    const std::string whole = std::regex_replace(series, kPart, "");
    std::set<std::string>& known = metrics[metrics.count(series) > 0 ? series : whole];
    known.insert(labels.begin(), labels.end());
    known.erase("le");
  }
  // Its labels differ from process to process.
  metrics["build_info"].clear();
  return metrics;
}

constexpr char kCertificate[] = "tls_certificate_not_after_timestamp_seconds";

void ExpectSame(uint16_t admin_port, const std::vector<std::string>& headings) {
  std::map<std::string, Metrics> page = ReadPage();
  Metrics documented;
  for (const std::string& heading : headings) {
    EXPECT_FALSE(page[heading].empty()) << "nothing below " << heading;
    documented.insert(page[heading].begin(), page[heading].end());
  }
  const Scrape scrape = Scrape::Of(admin_port);
  // Without a certificate there is nothing to tell of one.
  if (scrape.labels().count(kCertificate) == 0) documented[kCertificate].clear();
  EXPECT_EQ(ReadScrape(scrape), documented);
}

constexpr char kAll[] = "Every process";
constexpr char kOurs[] = "Every process but web";
constexpr char kGrpc[] = "gRPC servers: token verifier and todo service";
constexpr char kTokens[] = "Tokens: token verifier and todo service";
constexpr char kHttp[] = "HTTP servers: gateway, and token verifier with FORWARD_AUTH_PORT";

TEST(MetricsPage, SaysWhatTheBinariesTell) {
  Stack stack({.verifier = {{"FORWARD_AUTH_PORT", "0"}}});
  ExpectSame(stack.verifier_admin(), {kAll, kOurs, kGrpc, kTokens, "Token verifier", kHttp});
  ExpectSame(stack.todo_admin(), {kAll, kOurs, kGrpc, kTokens, "Todo service"});
  ExpectSame(stack.gateway_admin(), {kAll, kOurs, kHttp, "Gateway"});
}

}  // namespace
}  // namespace metrics_testing
