#include "services/todo/database_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace todo {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(DatabaseUrl, RefusesWhatLibpqRefusesWithoutQuotingIt) {
  for (const char* url : {"secret", "postgresql://host:secret/todo", "nonsense=secret", "mysql://secret"}) {
    const auto connection_string = ToConnectionString(url);
    EXPECT_EQ(connection_string.status().code(), absl::StatusCode::kInvalidArgument) << url;
    EXPECT_THAT(connection_string.status().message(), Not(HasSubstr("secret"))) << url;
  }
}

TEST(DatabaseUrl, ReadsUrlsAndKeywords) {
  EXPECT_THAT(*ToConnectionString("postgresql://ada:s%20t@db.example:5433/todo?sslmode=require"),
              AllOf(HasSubstr("user='ada'"), HasSubstr("password='s t'"), HasSubstr("host='db.example'"),
                    HasSubstr("port='5433'"), HasSubstr("dbname='todo'"), HasSubstr("sslmode='require'")));
  EXPECT_THAT(*ToConnectionString("host=/run/postgresql dbname=todo"),
              AllOf(HasSubstr("host='/run/postgresql'"), HasSubstr("dbname='todo'")));
}

TEST(DatabaseUrl, QuotesWhatNeedsIt) {
  EXPECT_THAT(*ToConnectionString("postgresql://ada:a'b%5Cc@host/todo"), HasSubstr(R"(password='a\'b\\c')"));
}

TEST(DatabaseUrl, AddsATimeoutOnlyWhereThereIsNone) {
  EXPECT_THAT(*ToConnectionString("dbname=todo"), HasSubstr("connect_timeout='5'"));
  EXPECT_THAT(*ToConnectionString("dbname=todo connect_timeout=9"),
              AllOf(HasSubstr("connect_timeout='9'"), Not(HasSubstr("connect_timeout='5'"))));
}

}  // namespace
}  // namespace todo
