#include "common/core/config_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>

namespace common {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ConfigReader ReaderOf(std::map<std::string, std::string> variables) {
  return ConfigReader([variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto entry = variables.find(name);
    if (entry == variables.end()) return std::nullopt;
    return entry->second;
  });
}

TEST(ConfigReader, CollectsEveryFaultWithItsVariable) {
  ConfigReader reader =
      ReaderOf({{"FLAG", "perhaps"}, {"NUMBER", "12x"}, {"PORT", "65536"}, {"URL", "example.com"}, {"EMPTY", ""}});
  reader.Bool("FLAG", true);
  reader.Integer("NUMBER", 5, 0, 10);
  reader.Port("PORT", 1);
  reader.OptionalUrl("URL", "https://example.com");
  reader.Required("EMPTY", "something");
  EXPECT_THAT(reader.faults(),
              ElementsAre(HasSubstr("FLAG is neither"), HasSubstr("NUMBER is no whole number from 0 to 10"),
                          HasSubstr("PORT"), AllOf(HasSubstr("URL"), HasSubstr("example: URL=https://example.com")),
                          HasSubstr("EMPTY is not set (example: EMPTY=something)")));
}

TEST(ConfigReader, UsesTheDefaultOfWhatIsNotSet) {
  ConfigReader reader = ReaderOf({});
  EXPECT_EQ(reader.String("S", "d"), "d");
  EXPECT_EQ(reader.Bool("B", true), true);
  EXPECT_EQ(reader.Integer("I", 7, 0, 10), 7);
  EXPECT_EQ(reader.Port("P", 80), 80);
  EXPECT_EQ(reader.OptionalUrl("U", ""), std::nullopt);
  EXPECT_EQ(reader.Secret("X"), std::nullopt);
  EXPECT_THAT(reader.List("L"), IsEmpty());
  EXPECT_THAT(reader.faults(), IsEmpty());
}

TEST(ConfigReader, SplitsAList) { EXPECT_THAT(ReaderOf({{"L", " a ,b,, c"}}).List("L"), ElementsAre("a", "b", "c")); }

TEST(ConfigReader, ReadsASecretFromAFile) {
  const std::string path = ::testing::TempDir() + "/config_reader_secret";
  std::ofstream(path) << "hunter2\n";
  ConfigReader reader = ReaderOf({{"SECRET_FILE", path}});
  EXPECT_EQ(reader.RequiredSecret("SECRET", ""), "hunter2");
  EXPECT_THAT(reader.faults(), IsEmpty());
  std::remove(path.c_str());
}

TEST(ConfigReader, RefusesASecretFileThatIsMissingOrSetBesideTheVariable) {
  ConfigReader missing = ReaderOf({{"SECRET_FILE", "/does/not/exist"}});
  missing.RequiredSecret("SECRET", "");
  EXPECT_THAT(missing.faults(), ElementsAre(HasSubstr("SECRET_FILE names a file that cannot be read")));
  ConfigReader both = ReaderOf({{"SECRET_FILE", "/etc/hostname"}, {"SECRET", "hunter2"}});
  both.RequiredSecret("SECRET", "");
  EXPECT_THAT(both.faults(), ElementsAre(AllOf(HasSubstr("set one of them"), Not(HasSubstr("hunter2")))));
}

}  // namespace
}  // namespace common
