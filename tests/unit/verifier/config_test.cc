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

TEST(VerifierConfig, HasTheNumbersThatAreDocumented) {
  const Config config = Read({{"BETTER_AUTH_URL", "https://auth.example.com"}}).config;
  const ClaimsPolicy::Options& claims = config.issuers.at(0).claims;
  EXPECT_EQ(claims.clock_skew, absl::Seconds(60));
  EXPECT_EQ(claims.max_lifetime, std::nullopt);
  EXPECT_EQ(config.token_cache_entries, 10'000u);
  EXPECT_EQ(config.token_cache_bytes, 67'108'864u);
  EXPECT_EQ(config.cache_for, absl::Seconds(30));
  EXPECT_EQ(config.startup_timeout, absl::Seconds(30));
  EXPECT_EQ(config.forward_auth_port, std::nullopt);
  EXPECT_EQ(config.jwks.lifetime, absl::Hours(1));
  EXPECT_EQ(config.jwks.min_lifetime, absl::Seconds(60));
  EXPECT_EQ(config.jwks.grace, absl::Hours(1));
  EXPECT_EQ(config.jwks.lookup_timeout, absl::Seconds(2));
  EXPECT_EQ(config.jwks.lookup_burst, 2);
  EXPECT_EQ(config.jwks.lookup_interval, absl::Seconds(10));
  EXPECT_EQ(config.jwks.max_waiting, 4096u);
  EXPECT_EQ(config.jwks.absent_for, absl::Seconds(30));
  EXPECT_EQ(config.jwks.max_absent, 1024u);
  EXPECT_EQ(config.jwks.max_keys, 32u);
  EXPECT_EQ(config.jwks.rsa_algorithm, Algorithm::kRs256);
  EXPECT_EQ(config.jwks_fetch.connect_timeout, absl::Seconds(1));
  EXPECT_EQ(config.jwks_fetch.total_timeout, absl::Seconds(5));
  EXPECT_EQ(config.jwks_fetch.max_body_bytes, 262'144u);
  const Config session = Read({{"BETTER_AUTH_URL", "https://auth.example.com"}, {"AUTH_MODE", "session"}}).config;
  EXPECT_EQ(session.sessions.cache_for, absl::Seconds(10));
  EXPECT_EQ(session.session_client.url,
            "https://auth.example.com/api/auth/get-session?disableCookieCache=true&disableRefresh=true");
}

TEST(VerifierConfig, TakesTheNumbersThatAreSet) {
  const Config config = Read({{"BETTER_AUTH_URL", "https://auth.example.com"},
                              {"AUTH_MODE", "jwt,session"},
                              {"TOKEN_CLOCK_SKEW_SECONDS", "600"},
                              {"TOKEN_MAX_LIFETIME_SECONDS", "900"},
                              {"TOKEN_CACHE_ENTRIES", "1"},
                              {"TOKEN_CACHE_BYTES", "2"},
                              {"TOKEN_CACHE_FOR_SECONDS", "0"},
                              {"SESSION_CACHE_SECONDS", "3"},
                              {"VERIFIER_STARTUP_SECONDS", "4"},
                              {"JWKS_CACHE_SECONDS", "600"},
                              {"JWKS_MIN_CACHE_SECONDS", "5"},
                              {"JWKS_GRACE_SECONDS", "6"},
                              {"JWKS_LOOKUP_TIMEOUT_MILLISECONDS", "7"},
                              {"JWKS_LOOKUP_BURST", "8"},
                              {"JWKS_LOOKUP_INTERVAL_SECONDS", "9"},
                              {"JWKS_MAX_WAITING", "10"},
                              {"JWKS_ABSENT_SECONDS", "11"},
                              {"JWKS_MAX_ABSENT", "12"},
                              {"JWKS_MAX_KEYS", "13"},
                              {"JWKS_CONNECT_TIMEOUT_MILLISECONDS", "14"},
                              {"JWKS_TIMEOUT_MILLISECONDS", "15"},
                              {"JWKS_MAX_BYTES", "1600"},
                              {"JWKS_CA_FILE", "/dev/null"},
                              {"JWKS_RSA_ALGORITHM", "PS512"}})
                            .config;
  const ClaimsPolicy::Options& claims = config.issuers.at(0).claims;
  EXPECT_EQ(claims.clock_skew, absl::Minutes(10));
  EXPECT_EQ(claims.max_lifetime, absl::Minutes(15));
  EXPECT_EQ(config.token_cache_entries, 1u);
  EXPECT_EQ(config.token_cache_bytes, 2u);
  EXPECT_EQ(config.cache_for, absl::ZeroDuration());
  EXPECT_EQ(config.sessions.cache_for, absl::Seconds(3));
  EXPECT_EQ(config.startup_timeout, absl::Seconds(4));
  EXPECT_EQ(config.jwks.lifetime, absl::Minutes(10));
  EXPECT_EQ(config.jwks.min_lifetime, absl::Seconds(5));
  EXPECT_EQ(config.jwks.grace, absl::Seconds(6));
  EXPECT_EQ(config.jwks.lookup_timeout, absl::Milliseconds(7));
  EXPECT_EQ(config.jwks.lookup_burst, 8);
  EXPECT_EQ(config.jwks.lookup_interval, absl::Seconds(9));
  EXPECT_EQ(config.jwks.max_waiting, 10u);
  EXPECT_EQ(config.jwks.absent_for, absl::Seconds(11));
  EXPECT_EQ(config.jwks.max_absent, 12u);
  EXPECT_EQ(config.jwks.max_keys, 13u);
  EXPECT_EQ(config.jwks_fetch.connect_timeout, absl::Milliseconds(14));
  EXPECT_EQ(config.jwks_fetch.total_timeout, absl::Milliseconds(15));
  EXPECT_EQ(config.jwks_fetch.max_body_bytes, 1600u);
  EXPECT_EQ(config.jwks_fetch.ca_file, "/dev/null");
  EXPECT_EQ(config.session_client.ca_file, "/dev/null");
  EXPECT_EQ(config.jwks.rsa_algorithm, Algorithm::kPs512);
}

TEST(VerifierConfig, RefusesNumbersOverTheirLimit) {
  for (const auto& [name, number] : std::map<std::string, std::string>{
           {"TOKEN_CLOCK_SKEW_SECONDS", "601"}, {"TOKEN_CACHE_FOR_SECONDS", "31"}, {"SESSION_CACHE_SECONDS", "11"}}) {
    EXPECT_THAT(
        Read({{"BETTER_AUTH_URL", "https://auth.example.com"}, {"AUTH_MODE", "jwt,session"}, {name, number}}).faults,
        ElementsAre(HasSubstr(name)));
  }
}

TEST(VerifierConfig, RefusesAuthoritiesThatCannotBeRead) {
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", "https://auth.example.com"}, {"JWKS_CA_FILE", "/nowhere/ca.crt"}}).faults,
              ElementsAre(HasSubstr("JWKS_CA_FILE cannot be read: /nowhere/ca.crt")));
}

TEST(VerifierConfig, AsksAboutSessionsWhereItIsToldTo) {
  const std::map<std::string, std::string> session = {{"BETTER_AUTH_URL", "http://localhost:3000"},
                                                      {"AUTH_MODE", "session"}};
  EXPECT_EQ(Read(session).config.session_client.url,
            "http://localhost:3000/api/auth/get-session?disableCookieCache=true&disableRefresh=true");
  auto elsewhere = session;
  elsewhere["BETTER_AUTH_SESSION_URL"] = "http://web:3000/api/auth/get-session";
  EXPECT_THAT(Read(elsewhere).faults, ElementsAre(HasSubstr("BETTER_AUTH_SESSION_URL would fetch")));
  elsewhere["JWKS_ALLOW_HTTP_HOSTS"] = "web";
  const Outcome allowed = Read(elsewhere);
  EXPECT_THAT(allowed.faults, IsEmpty());
  EXPECT_EQ(allowed.config.session_client.url,
            "http://web:3000/api/auth/get-session?disableCookieCache=true&disableRefresh=true");
  EXPECT_EQ(allowed.config.sessions.issuer, "http://localhost:3000");
}

TEST(VerifierConfig, RefusesNumbersThatContradictEachOther) {
  const std::string url = "https://auth.example.com";
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"JWKS_CACHE_SECONDS", "30"}}).faults,
              ElementsAre(HasSubstr("JWKS_MIN_CACHE_SECONDS is more than JWKS_CACHE_SECONDS")));
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"JWKS_TIMEOUT_MILLISECONDS", "500"}}).faults,
              ElementsAre(HasSubstr("JWKS_CONNECT_TIMEOUT_MILLISECONDS is more than")));
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"JWKS_RSA_ALGORITHM", "ES256"}}).faults,
              ElementsAre(HasSubstr("JWKS_RSA_ALGORITHM")));
  EXPECT_THAT(Read({{"BETTER_AUTH_URL", url}, {"TOKEN_MAX_LIFETIME_SECONDS", "60"}}).faults,
              ElementsAre(HasSubstr("TOKEN_MAX_LIFETIME_SECONDS")));
}

}  // namespace
}  // namespace verifier
