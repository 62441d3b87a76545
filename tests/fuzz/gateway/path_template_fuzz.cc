// Path templates: any text is a template or is refused, and what is one reads the same again.
#include <cstdint>

#include "gateway/path_template.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto path = gateway::PathTemplate::Parse(input);
  if (!path.ok()) {
    Require(!path.status().message().empty(), "a refusal says why");
    return 0;
  }
  const auto again = gateway::PathTemplate::Parse(path->text());
  Require(again.ok() && again->segments() == path->segments(), "a template reads the same again");
  for (const auto& variable : path->variables()) {
    Require(variable.count > 0 && variable.first + variable.count <= path->segments().size(),
            "a variable's segments are the template's");
  }
  return 0;
}
