#include "services/verifier/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace verifier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Outcome {
  Config config;
  std::vector<std::string> faults;
};

Outcome Read(std::map<std::string, std::string> variables) {
  common::ConfigReader reader([&variables](const std::string& name) -> std::optional<std::string> {
    const auto entry = variables.find(name);
    if (entry == variables.end()) return std::nullopt;
    return entry->second;
  });
  Config config = ReadConfig(reader);
  return {std::move(config), reader.faults()};
}

TEST(VerifierConfig, ListsEveryFaultAtOnceAndNoSecret) {
  const Outcome outcome = Read({{"VERIFIER_PORT", "99999"}, {"DEBUG", "maybe"}, {"BETTER_AUTH_SECRET", "hunter2"}});
  EXPECT_THAT(outcome.faults, ElementsAre(HasSubstr("DEBUG"), HasSubstr("VERIFIER_PORT"),
                                          AllOf(HasSubstr("BETTER_AUTH_URL is not set"), HasSubstr("example")),
                                          AllOf(HasSubstr("BETTER_AUTH_SECRET"), Not(HasSubstr("hunter2")))));
}

TEST(VerifierConfig, RefusesKeysOverPlainHttpFromElsewhere) {
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", "http://auth.example.com"}}).faults, ElementsAre(HasSubstr("plain http")));
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", "http://127.0.0.1.evil.test"}}).faults, ElementsAre(HasSubstr("plain http")));
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", "http://web:3000"}, {"JWKS_ALLOW_HTTP_HOSTS", "other, web"}}).faults,
              IsEmpty());
  for (const char* loopback : {"http://localhost:3000", "http://127.0.0.1:3000/", "http://[::1]:3000"}) {
    EXPECT_THAT(Read({{"BETTER_AUTH_URL", loopback}}).faults, IsEmpty()) << loopback;
  }
}

TEST(VerifierConfig, RefusesWhatIsNoUrl) {
  for (const char* url : {"auth.example.com", "ftp://auth.example.com", "https://", "https://user:pw@host",
                          "https://host:0", "https://host:99999", "https://ho st", "https://host?x=1"}) {
    EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}}).faults, ElementsAre(HasSubstr("BETTER_AUTH_URL"))) << url;
  }
}

TEST(VerifierConfig, DerivesWhatIsNotSetFromTheBaseUrl) {
  const Outcome outcome = Read({{"BETTER_AUTH_URL", "https://Auth.example.com:443/base/"}});
  EXPECT_THAT(outcome.faults, IsEmpty());
  EXPECT_EQ(outcome.config.jwks_url, "https://auth.example.com/base/.well-known/jwks.json");
  EXPECT_THAT(outcome.config.claims.issuers, ElementsAre("https://auth.example.com"));
  EXPECT_THAT(outcome.config.claims.audiences, ElementsAre("https://auth.example.com"));
  EXPECT_EQ(outcome.config.address, "127.0.0.1:50052");
}

TEST(VerifierConfig, TakesWhatIsSet) {
  const Outcome outcome = Read({{"BETTER_AUTH_URL", "https://auth.example.com"},
                                {"BETTER_AUTH_JWKS_URL", "https://cdn.example.com/keys"},
                                {"TOKEN_ISSUERS", "a, b"},
                                {"TOKEN_AUDIENCES", "c"},
                                {"HOST", "0.0.0.0"},
                                {"VERIFIER_PORT", "1"}});
  EXPECT_THAT(outcome.faults, IsEmpty());
  EXPECT_EQ(outcome.config.jwks_url, "https://cdn.example.com/keys");
  EXPECT_THAT(outcome.config.claims.issuers, ElementsAre("a", "b"));
  EXPECT_EQ(outcome.config.address, "0.0.0.0:1");
}

}  // namespace
}  // namespace verifier
