#include "common/metrics/admin_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace metrics {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

common::ConfigReader ReaderOf(std::map<std::string, std::string> variables) {
  return common::ConfigReader([variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
  });
}

TEST(AdminConfig, RefusesAPortThatIsNone) {
  common::ConfigReader reader = ReaderOf({{"TODO_ADMIN_PORT", "65536"}});
  ReadAdmin(reader, "TODO_ADMIN_PORT", 50051);
  EXPECT_THAT(reader.faults(), ElementsAre(HasSubstr("TODO_ADMIN_PORT")));
}

TEST(AdminConfig, RefusesThePortThatIsServedToOthers) {
  common::ConfigReader reader = ReaderOf({{"GATEWAY_ADMIN_PORT", "8000"}});
  ReadAdmin(reader, "GATEWAY_ADMIN_PORT", 8000);
  EXPECT_THAT(reader.faults(), ElementsAre(AllOf(HasSubstr("GATEWAY_ADMIN_PORT"), HasSubstr("another"))));
}

TEST(AdminConfig, IsOffUnlessAskedFor) {
  common::ConfigReader reader = ReaderOf({{"ADMIN_HOST", "0.0.0.0"}, {"WEB_ADMIN_PORT", "1"}});
  EXPECT_EQ(ReadAdmin(reader, "TODO_ADMIN_PORT", 50051).port, std::nullopt);
  EXPECT_THAT(reader.faults(), IsEmpty());
}

TEST(AdminConfig, ListensOnThisMachineAlone) {
  common::ConfigReader reader = ReaderOf({{"TODO_ADMIN_PORT", "0"}});
  const AdminConfig config = ReadAdmin(reader, "TODO_ADMIN_PORT", 0);
  EXPECT_EQ(config.host, "127.0.0.1");
  EXPECT_EQ(config.port, 0);
  EXPECT_THAT(reader.faults(), IsEmpty());
}

}  // namespace
}  // namespace metrics
