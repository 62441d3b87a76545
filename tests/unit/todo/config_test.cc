#include "services/todo/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace todo {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

struct Outcome {
  Config config;
  std::vector<std::string> faults;
};

Outcome Read(const std::map<std::string, std::string>& variables) {
  common::ConfigReader reader([&variables](const std::string& name) -> std::optional<std::string> {
    const auto variable = variables.find(name);
    return variable == variables.end() ? std::nullopt : std::optional(variable->second);
  });
  Config config = ReadConfig(reader);
  return {std::move(config), reader.faults()};
}

TEST(Config, NamesTheDatabaseWhereItIsMissing) {
  EXPECT_THAT(Read({}).faults, ElementsAre(AllOf(HasSubstr("NEON_DATABASE_URL is not set"), HasSubstr("example"))));
}

TEST(Config, ListsEveryFaultAtOnce) {
  const Outcome outcome = Read({{"NEON_DATABASE_URL", "nonsense"},
                                {"NEON_DATABASE_DIRECT_URL", "nonsense too"},
                                {"TODO_PORT", "65536"},
                                {"VERIFIER_ADDRESS", "https://verifier:50052"},
                                {"DATABASE_POOL_SIZE", "0"},
                                {"DEBUG", "perhaps"}});
  EXPECT_THAT(outcome.faults,
              ElementsAre(HasSubstr("NEON_DATABASE_URL"), HasSubstr("NEON_DATABASE_DIRECT_URL"), HasSubstr("TODO_PORT"),
                          HasSubstr("VERIFIER_ADDRESS"), HasSubstr("DATABASE_POOL_SIZE"), HasSubstr("DEBUG")));
}

TEST(Config, NeverQuotesAPassword) {
  for (const char* url : {"postgresql://ada:hunter2@host:port/todo", "password=hunter2 nonsense", "hunter2",
                          "postgresql://ada:hunter2@host/todo?nonsense=hunter2"}) {
    const Outcome outcome = Read({{"NEON_DATABASE_URL", url}});
    EXPECT_THAT(outcome.faults, SizeIs(1)) << url;
    EXPECT_THAT(outcome.faults, Each(Not(HasSubstr("hunter2")))) << url;
  }
}

TEST(Config, HasTheDocumentedDefaults) {
  const Outcome outcome = Read({{"NEON_DATABASE_URL", "postgresql://ada@host/todo"}});
  EXPECT_THAT(outcome.faults, IsEmpty());
  EXPECT_EQ(outcome.config.address, "127.0.0.1:50051");
  EXPECT_EQ(outcome.config.verifier_address, "127.0.0.1:50052");
  EXPECT_EQ(outcome.config.database_pool_size, 10);
  EXPECT_FALSE(outcome.config.debug);
  EXPECT_EQ(outcome.config.migration_database, outcome.config.database);
}

TEST(Config, KeepsTheDirectDatabaseForMigrations) {
  const Outcome outcome = Read({{"NEON_DATABASE_URL", "postgresql://ada@pooler/todo"},
                                {"NEON_DATABASE_DIRECT_URL", "postgresql://ada@direct/todo"}});
  EXPECT_THAT(outcome.config.database, HasSubstr("host='pooler'"));
  EXPECT_THAT(outcome.config.migration_database, HasSubstr("host='direct'"));
}

TEST(Config, PutsAnIpv6HostInBrackets) {
  EXPECT_EQ(
      Read({{"NEON_DATABASE_URL", "dbname=todo"}, {"HOST", "::"}, {"GRPC_ALLOW_PLAINTEXT", "true"}, {"TODO_PORT", "1"}})
          .config.address,
      "[::]:1");
}

}  // namespace
}  // namespace todo
