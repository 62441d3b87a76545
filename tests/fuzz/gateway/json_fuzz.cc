// JSON bodies: what is read is a valid message, and what is written of it is read as the same message.
#include <cstdint>

#include "gateway/json_writer.h"
#include "tests/fuzz/require.h"
#include "tests/unit/gateway/plans.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  using gateway_testing::v1::Kinds;
  Kinds message;
  if (const std::string error = gateway::ReadAs(input, &message); !error.empty()) {
    Require(error != "not a message", "what was read is a message");
    return 0;
  }
  std::string json;
  const auto& plan = gateway::PlanOf<Kinds>();
  Require(gateway::WriteJsonMessage(plan, message.SerializeAsString(), {}, &json).ok(), "what was read is written");
  Kinds again;
  Require(gateway::ReadAs(json, &again).empty(), "what was written is read");
  std::string same;
  Require(gateway::WriteJsonMessage(plan, again.SerializeAsString(), {}, &same).ok() && same.size() == json.size(),
          "it is the same message");
  return 0;
}
