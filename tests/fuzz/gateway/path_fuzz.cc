// Request paths against a table with every kind of template: any bytes are found or not, and a variable that is no
// tail holds no slash that was not escaped.
#include <cstdint>

#include "gateway/route_table.h"
#include "tests/fuzz/require.h"

namespace {

const gateway::RouteTable& Table() {
  static const gateway::RouteTable& table = *[] {
    gateway::RouteTable::Builder builder;
    size_t route = 0;
    for (const char* text : {"/a", "/a/{x}", "/a/{x}/b", "/a/b/{x=c/*}", "/t/{x=**}", "/t/{x=*/d/**}", "/t/**/end",
                             "/a/{x}:run", "/a:run", "/*/*/{x}/{y}"}) {
      const auto path = gateway::PathTemplate::Parse(text);
      Require(path.ok() && builder.Add(route % 2 == 0 ? "GET" : "*", *path, route, text).ok(), "the table is sound");
      ++route;
    }
    return new gateway::RouteTable(std::move(builder).Build());
  }();
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view path(reinterpret_cast<const char*>(data), size);
  using Outcome = gateway::RouteTable::Outcome;
  const auto match = Table().Find("GET", path);
  const auto again = Table().Find("GET", path);
  Require(match.outcome == again.outcome && match.values == again.values, "a path has one meaning");
  Require(match.outcome != Outcome::kFound || path.front() == '/', "a route's path begins with a slash");
  Require(match.outcome != Outcome::kMethodNotAllowed || !match.allow.empty(), "a 405 says what is allowed");
  return 0;
}
