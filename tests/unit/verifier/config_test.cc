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
  ASSERT_EQ(outcome.config.issuers.size(), 1u);
  const IssuerConfig& issuer = outcome.config.issuers[0];
  EXPECT_EQ(issuer.jwks_url, "https://auth.example.com/base/.well-known/jwks.json");
  EXPECT_THAT(issuer.claims.issuers, ElementsAre("https://auth.example.com"));
  EXPECT_THAT(issuer.claims.audiences, ElementsAre("https://auth.example.com"));
  EXPECT_EQ(outcome.config.address, "127.0.0.1:50052");
}

TEST(VerifierConfig, TakesWhatIsSet) {
  const Outcome outcome = Read({{"BETTER_AUTH_URL", "https://auth.example.com"},
                                {"BETTER_AUTH_JWKS_URL", "https://cdn.example.com/keys"},
                                {"TOKEN_ISSUERS", "a, b"},
                                {"TOKEN_AUDIENCES", "c"},
                                {"HOST", "0.0.0.0"},
                                {"GRPC_ALLOW_PLAINTEXT", "true"},
                                {"VERIFIER_PORT", "1"}});
  EXPECT_THAT(outcome.faults, IsEmpty());
  ASSERT_EQ(outcome.config.issuers.size(), 1u);
  EXPECT_EQ(outcome.config.issuers[0].jwks_url, "https://cdn.example.com/keys");
  EXPECT_THAT(outcome.config.issuers[0].claims.issuers, ElementsAre("a", "b"));
  EXPECT_EQ(outcome.config.address, "0.0.0.0:1");
}

TEST(VerifierConfig, GivesEachIssuerItsOwnKeysAndAudiences) {
  const Outcome outcome =
      Read({{"BETTER_AUTH_URL", "https://auth.example.com"}, {"TOKEN_ISSUERS", R"([{"issuer":"https://a.example.com"},
                                  {"issuer":"https://b.example.com","jwks_url":"https://keys.example.com/b",
                                   "audiences":["one","two"]}])"}});
  EXPECT_THAT(outcome.faults, IsEmpty());
  ASSERT_EQ(outcome.config.issuers.size(), 2u);
  EXPECT_EQ(outcome.config.issuers[0].jwks_url, "https://a.example.com/.well-known/jwks.json");
  EXPECT_THAT(outcome.config.issuers[0].claims.issuers, ElementsAre("https://a.example.com"));
  EXPECT_THAT(outcome.config.issuers[0].claims.audiences, ElementsAre("https://auth.example.com"));
  EXPECT_EQ(outcome.config.issuers[1].jwks_url, "https://keys.example.com/b");
  EXPECT_THAT(outcome.config.issuers[1].claims.audiences, ElementsAre("one", "two"));
}

TEST(VerifierConfig, RefusesIssuersThatContradictThemselves) {
  const std::map<std::string, const char*> table = {
      {"[", "not valid JSON"},
      {"[]", "names no issuer"},
      {R"([{"issuer":"https://a.example.com","audiences":[]}])", "wrong type"},
      {R"([{"issuer":"https://a.example.com","audiences":[""]}])", "wrong type"},
      {R"([{"issuer":"https://a.example.com"},{"issuer":"https://a.example.com"}])", "twice"},
      {R"([{"jwks_url":"https://a.example.com/keys"}])", "without `issuer`"},
      {R"([{"issuer":"https://a.example.com","audience":"x"}])", "`audience` is unknown"},
      {R"([{"issuer":"https://a.example.com","audiences":"x"}])", "wrong type"},
      {R"([{"issuer":"a"}])", "jwks_url"},
      {R"([{"issuer":"http://a.example.com"}])", "plain http"},
      {R"(["https://a.example.com"])", "no object"},
  };
  for (const auto& [issuers, fault] : table) {
    EXPECT_THAT(Read({{"BETTER_AUTH_URL", "https://auth.example.com"}, {"TOKEN_ISSUERS", issuers}}).faults,
                ElementsAre(HasSubstr(fault)))
        << issuers;
  }
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", "https://auth.example.com"},
                    {"BETTER_AUTH_JWKS_URL", "https://auth.example.com/keys"},
                    {"TOKEN_ISSUERS", R"([{"issuer":"https://a.example.com"}])"}})
                  .faults,
              ElementsAre(HasSubstr("BETTER_AUTH_JWKS_URL")));
}

TEST(VerifierConfig, ReadsTheTypesOfTokens) {
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", "https://auth.example.com"}}).config.token_rules.types,
              ElementsAre("JWT", "at+jwt"));
  EXPECT_THAT(
      Read({{"BETTER_AUTH_URL", "https://auth.example.com"}, {"TOKEN_TYPES", "at+jwt"}}).config.token_rules.types,
      ElementsAre("at+jwt"));
}

TEST(VerifierConfig, AllowsHs256OnlyInDevelopmentAndWithASecret) {
  const std::string secret(32, 's');
  const std::string url = "https://auth.example.com";
  EXPECT_FALSE(Read({{"BETTER_AUTH_URL", url}}).config.secret);
  EXPECT_FALSE(Read({{"BETTER_AUTH_URL", url}, {"DEBUG", "true"}}).config.secret);
  const Outcome production = Read({{"BETTER_AUTH_URL", url}, {"BETTER_AUTH_SECRET", secret}});
  EXPECT_THAT(production.faults, IsEmpty());
  EXPECT_FALSE(production.config.secret);
  EXPECT_FALSE(production.config.token_rules.allow_hs256);
  const Outcome development = Read({{"BETTER_AUTH_URL", url}, {"BETTER_AUTH_SECRET", secret}, {"DEBUG", "true"}});
  EXPECT_TRUE(development.config.secret);
  EXPECT_TRUE(development.config.token_rules.allow_hs256);
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"BETTER_AUTH_SECRET", secret.substr(1)}, {"DEBUG", "true"}}).faults,
              ElementsAre(HasSubstr("has 31 characters")));
}

TEST(VerifierConfig, ReadsTheMode) {
  const std::string url = "https://auth.example.com";
  const Config jwt = Read({{"BETTER_AUTH_URL", url}}).config;
  EXPECT_TRUE(jwt.takes_jwt && !jwt.takes_session);
  const Config session =
      Read({{"BETTER_AUTH_URL", url}, {"AUTH_MODE", "session"}, {"ALLOWED_ORIGINS", "https://app.example.com"}}).config;
  EXPECT_TRUE(!session.takes_jwt && session.takes_session);
  EXPECT_THAT(session.issuers, IsEmpty());
  EXPECT_THAT(session.sessions.allowed_origins, ElementsAre("https://app.example.com", url));
  const Config both = Read({{"BETTER_AUTH_URL", url}, {"AUTH_MODE", "jwt,session"}}).config;
  EXPECT_TRUE(both.takes_jwt && both.takes_session);
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"AUTH_MODE", "none"}}).faults, ElementsAre(HasSubstr("AUTH_MODE")));
}

TEST(VerifierConfig, RefusesNumbersThatContradictEachOther) {
  const std::string url = "https://auth.example.com";
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"JWKS_CACHE_SECONDS", "30"}}).faults,
              ElementsAre(HasSubstr("JWKS_MIN_CACHE_SECONDS is more than JWKS_CACHE_SECONDS")));
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"JWKS_TIMEOUT_MILLISECONDS", "500"}}).faults,
              ElementsAre(HasSubstr("JWKS_CONNECT_TIMEOUT_MILLISECONDS is more than")));
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"TOKEN_CACHE_FOR_SECONDS", "31"}}).faults,
              ElementsAre(HasSubstr("TOKEN_CACHE_FOR_SECONDS")));
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"JWKS_RSA_ALGORITHM", "ES256"}}).faults,
              ElementsAre(HasSubstr("JWKS_RSA_ALGORITHM")));
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"TOKEN_MAX_LIFETIME_SECONDS", "60"}}).faults,
              ElementsAre(HasSubstr("TOKEN_MAX_LIFETIME_SECONDS")));
}

}  // namespace
}  // namespace verifier
