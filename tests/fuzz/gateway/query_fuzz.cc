// Query strings: what binds is a valid message of the type that it was bound to.
#include <cstdint>

#include "gateway/query_binder.h"
#include "tests/fuzz/require.h"
#include "tests/unit/gateway/plans.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  using gateway_testing::v1::Kinds;
  std::string bytes;
  const auto error = gateway::BindQuery(gateway::PlanOf<Kinds>(), query, {}, &bytes);
  if (error) {
    Require(!error->message.empty(), "a refusal says why");
    return 0;
  }
  Kinds message;
  Require(message.ParseFromString(bytes), "what was bound is a message");
  return 0;
}
