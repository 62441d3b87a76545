// `token-verifier check` as an operator and scripts/validate-jwt-config.sh use it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/json/json_document.h"
#include "services/verifier/check_command.h"
#include "services/verifier/check_report.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using verifier::testing::JwksServer;
using verifier::testing::KeySetOf;
using verifier::testing::SigningKey;

struct Outcome {
  int exit_code;
  std::string output;
  std::string errors;
};

class Check : public ::testing::Test {
 protected:
  Outcome Run(std::vector<std::string> arguments, const std::string& input = "",
              std::map<std::string, std::string> environment = {}) {
    std::istringstream in(input);
    std::ostringstream out, err;
    const auto lookup = [&environment](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      if (found == environment.end()) return std::nullopt;
      return found->second;
    };
    const int exit_code = RunCheckCommand(arguments, lookup, {in, out, err});
    return {exit_code, out.str(), err.str()};
  }

  Outcome RunOnServer(std::vector<std::string> more = {}, const std::string& input = "") {
    std::vector<std::string> arguments = {"--jwks", server_.url()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments, input);
  }

  std::string Origin() const { return server_.url().substr(0, server_.url().find('/', 7)); }
  std::string Token(const SigningKey& key, const std::string& changes = "", const char* key_id = "one") const {
    return key.TokenOf(absl::StrCat(R"({"iss":")", Origin(), R"(","aud":")", Origin(), R"(","sub":"ada","exp":)",
                                    absl::ToUnixSeconds(absl::Now()) + 900, changes, "}"),
                       key_id);
  }

  const SigningKey key_{"EdDSA"};
  JwksServer server_;
};

TEST_F(Check, SaysWhyKeysAreNotUsed) {
  const SigningKey weak("RS256", 1024), rsa("RS256");
  server_.Serve(
      KeySetOf({key_.Jwk(R"(,"kid":"one")"), key_.Jwk(R"(,"kid":"one")"), key_.Jwk(R"(,"kid":"enc","use":"enc")"),
                weak.Jwk(R"(,"kid":"weak")"), key_.Jwk(R"(,"kid":"secret","d":"c2VjcmV0")"),
                R"({"kty":"oct","k":"c2VjcmV0","kid":"shared"})", rsa.Jwk(R"(,"kid":"p","alg":"PS512")"),
                key_.Jwk(R"(,"kid":"forged\nok key")")}));
  const Outcome outcome = RunOnServer();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  for (const char* line :
       {"ok key kid \"one\": EdDSA\n", "warning key kid \"one\" is not used: another key has the same",
        "warning key kid \"enc\" is not used: `use`",
        "warning key kid \"weak\" is not used: ", "warning key kid \"secret\" is not used: it holds private",
        "warning key kid \"shared\" is not used: it holds private", "ok key kid \"p\": PS512\n",
        "ok key kid \"forged\\nok key\": EdDSA\n", "ok algorithms EdDSA, PS512\n", "3 of 8 keys can be used\n"}) {
    EXPECT_THAT(outcome.output, HasSubstr(line));
  }
  EXPECT_THAT(outcome.output, Not(HasSubstr("c2VjcmV0")));
}

TEST_F(Check, FailsWithoutAUsableKey) {
  for (const char* keys : {R"({"keys":[]})", R"({"keys":[{"kty":"oct","k":"AAAA"}]})"}) {
    server_.Serve(keys);
    const Outcome outcome = RunOnServer();
    EXPECT_EQ(outcome.exit_code, 1) << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr("without one the verifier does not start"));
  }
}

TEST_F(Check, FailsForWhatIsNoKeySet) {
  for (const char* response :
       {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"}) {
    server_.ServeRaw(response);
    const Outcome outcome = RunOnServer();
    EXPECT_EQ(outcome.exit_code, 1) << response << outcome.output;
    EXPECT_THAT(outcome.output, MatchesRegex("error key_set http://127[^\n]+\n"));
  }
}

TEST_F(Check, TellsUnreachableFromWrong) {
  server_.ServeRaw("");
  EXPECT_EQ(RunOnServer().exit_code, 2);
  // Port 1 is reserved; nothing of ours listens there.
  const Outcome refused = Run({"--jwks=http://127.0.0.1:1/jwks"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.output, MatchesRegex("error key_set http://127.0.0.1:1/jwks: [^\n]+\n"));
}

TEST_F(Check, SaysThatAKeySetComesTooLateForTheServer) {
  server_.Serve(KeySetOf({key_.Jwk(R"(,"kid":"one")")}));
  server_.Hold();
  std::thread slow([this] {
    server_.AwaitRequests(1);
    // Longer than the limit below: this is the slowness itself, nothing waits for it to be over.
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    server_.Release();
  });
  const Outcome outcome = Run({"--jwks", server_.url()}, "",
                              {{"JWKS_TIMEOUT_MILLISECONDS", "50"}, {"JWKS_CONNECT_TIMEOUT_MILLISECONDS", "50"}});
  slow.join();
  EXPECT_EQ(outcome.exit_code, 2) << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("; the verifier waits 50ms\n"), HasSubstr("1 of 1 keys can be used")));
}

TEST(CheckReport, LetsNoTextForgeALine) {
  CheckReport report;
  report.Add(CheckReport::Level::kWarning, "key", "a\nok key b\x1b[2J\x7f");
  std::ostringstream text, json;
  report.WriteText(text);
  report.WriteJson(json);
  EXPECT_EQ(text.str(), "warning key a?ok key b?[2J?\n");
  EXPECT_THAT(json.str(), HasSubstr("a\\nok key b\\u001b[2J"));
}

TEST(CheckReport, WhatIsWrongWeighsMoreThanWhatDidNotAnswer) {
  CheckReport report;
  report.Add(CheckReport::Level::kWarning, "a", "");
  EXPECT_EQ(report.exit_code(), 0);
  report.AddUnreachable("b", "");
  EXPECT_EQ(report.exit_code(), 2);
  report.Add(CheckReport::Level::kError, "c", "");
  EXPECT_EQ(report.exit_code(), 1);
}

TEST_F(Check, FindsFaultsOfTheConfiguration) {
  server_.Serve(KeySetOf({key_.Jwk()}));
  EXPECT_THAT(Run({}).output, HasSubstr("error configuration BETTER_AUTH_URL is not set"));
  EXPECT_THAT(Run({"--jwks", "ftp://a"}).output, HasSubstr("error configuration BETTER_AUTH_JWKS_URL must begin with"));
  const Outcome plain = Run({"--jwks", "http://jwks.invalid/jwks"});
  EXPECT_EQ(plain.exit_code, 1);
  EXPECT_THAT(plain.output, HasSubstr("plain http"));
  const Outcome both = Run({}, "",
                           {{"BETTER_AUTH_URL", "https://auth.example.com"},
                            {"BETTER_AUTH_JWKS_URL", server_.url()},
                            {"BETTER_AUTH_SECRET", "hunter2"},
                            {"TOKEN_CLOCK_SKEW_SECONDS", "x"},
                            {"FORWARD_AUTH_PORT", "y"}});
  EXPECT_EQ(both.exit_code, 1);
  EXPECT_THAT(both.output, AllOf(HasSubstr("error configuration TOKEN_CLOCK_SKEW_SECONDS"),
                                 HasSubstr("error configuration FORWARD_AUTH_PORT is no whole number"),
                                 HasSubstr("1 of 1 keys"), HasSubstr("BETTER_AUTH_SECRET"), Not(HasSubstr("hunter2"))));
}

TEST_F(Check, SaysWhichRuleATokenFails) {
  server_.Serve(KeySetOf({key_.Jwk(R"(,"kid":"one")")}));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"opaque-session-token", "NOT_A_JWT: "},
      {Token(key_, R"(,"exp":1)"), "MALFORMED: "},
      {Token(key_, "", "two"), "UNKNOWN_KEY: "},
      {Token(SigningKey("EdDSA")), "BAD_SIGNATURE: "},
      {key_.TokenOf("{}", "one"), "MISSING_CLAIM: "},
      {key_.TokenOf(R"({"iss":"https://evil.test","aud":"a","sub":"a","exp":4000000000})", "one"),
       "WRONG_ISSUER: the claim `iss` is not an issuer that is trusted here; expected: " + Origin()},
      {key_.TokenOf(absl::StrCat(R"({"iss":")", Origin(), R"(","aud":"a","sub":"a","exp":4000000000})"), "one"),
       "WRONG_AUDIENCE: the claim `aud` does not hold this service's audience; expected: " + Origin()},
      {key_.TokenOf(absl::StrCat(R"({"iss":")", Origin(), R"(","aud":")", Origin(), R"(","sub":"a","exp":1})"), "one"),
       "EXPIRED: "},
  };
  for (const auto& [token, finding] : cases) {
    const Outcome outcome = RunOnServer({"--token", "-"}, token + "\n");
    EXPECT_EQ(outcome.exit_code, 1) << finding;
    EXPECT_THAT(outcome.output, HasSubstr("error token " + finding));
    EXPECT_THAT(outcome.output, Not(HasSubstr(token)));
  }
  EXPECT_THAT(RunOnServer({"--token", "-"}, " \n").output, HasSubstr("error token standard input holds none"));
}

TEST_F(Check, SaysUntilWhenATokenHolds) {
  server_.Serve(KeySetOf({key_.Jwk(R"(,"kid":"one")")}));
  const std::string token =
      key_.TokenOf(R"({"iss":"https://auth.example.com","aud":["api"],"sub":"ada","exp":4000000000})", "one");
  for (const std::string& input : {token, "Bearer " + token + "\n"}) {
    const Outcome outcome = RunOnServer({"--issuer", "https://auth.example.com", "--audience=api", "--token=-"}, input);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr("ok token holds until 2096-10-02T07:06:40Z, and 1m longer for clocks that "
                                          "differ; signed with EdDSA, kid \"one\"\n"));
    EXPECT_THAT(outcome.output, AllOf(Not(HasSubstr(token)), Not(HasSubstr("ada"))));
  }
}

TEST_F(Check, ChecksEachIssuersKeysAndTokens) {
  const SigningKey other_key("ES256");
  JwksServer other;
  server_.Serve(KeySetOf({key_.Jwk(R"(,"kid":"one")")}));
  other.Serve(KeySetOf({other_key.Jwk(R"(,"kid":"two")")}));
  const std::map<std::string, std::string> environment = {
      {"BETTER_AUTH_URL", "https://a.test"},
      {"TOKEN_ISSUERS",
       absl::StrCat(R"([{"issuer":"https://a.test","jwks_url":")", server_.url(),
                    R"("},{"issuer":"https://b.test","audiences":["b"],"jwks_url":")", other.url(), R"("}])")}};
  const std::string good =
      other_key.TokenOf(R"({"iss":"https://b.test","aud":"b","sub":"ada","exp":4000000000})", "two");
  const Outcome outcome = Run({"--token", "-"}, good, environment);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr(server_.url() + ": 1 of 1"), HasSubstr(other.url() + ": 1 of 1"),
                                    HasSubstr("ok token holds until")));
  const std::string crossed = key_.TokenOf(R"({"iss":"https://b.test","aud":"b","sub":"ada","exp":4000000000})", "one");
  EXPECT_THAT(Run({"--token", "-"}, crossed, environment).output, HasSubstr("error token UNKNOWN_KEY"));
  other.ServeRaw("");
  const Outcome half = Run({"--token", "-"}, good, environment);
  EXPECT_EQ(half.exit_code, 2) << half.output;
  EXPECT_THAT(half.output, HasSubstr("warning token could not be decided about"));
}

TEST_F(Check, UsesTheSecretInDevelopmentAlone) {
  const std::string secret = "canary-secret-of-more-than-32-characters";
  server_.Serve(KeySetOf({key_.Jwk(R"(,"kid":"one")")}));
  // Made with the secret: {"alg":"HS256"}.{"iss":"https://a.test","aud":"https://a.test","sub":"ada","exp":4000000000}
  const std::string token =
      "eyJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJodHRwczovL2EudGVzdCIsImF1ZCI6Imh0dHBzOi8vYS50ZXN0Iiwic3ViIjoiYWRhIiwiZXhwIjo0MDAwMDAwMDAwfQ."
      "PKe4qU6QuIG3vjcCNBNddJ9i9FIwXeCIl8s8Cqmh9pM";
  std::map<std::string, std::string> environment = {
      {"BETTER_AUTH_URL", "https://a.test"}, {"BETTER_AUTH_JWKS_URL", server_.url()}, {"BETTER_AUTH_SECRET", secret}};
  EXPECT_THAT(Run({"--token", "-"}, token, environment).output, HasSubstr("error token ALGORITHM_NOT_ALLOWED"));
  environment["DEBUG"] = "true";
  EXPECT_THAT(Run({"--token", "-"}, token, environment).output, HasSubstr("signed with HS256"));
}

TEST_F(Check, HasNoKeySetToLookAtInSessionMode) {
  const Outcome outcome = Run({}, "", {{"BETTER_AUTH_URL", "https://a.test"}, {"AUTH_MODE", "session"}});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.output, "ok key_set is not used: AUTH_MODE is session\n");
}

TEST_F(Check, WritesJson) {
  server_.Serve(KeySetOf({key_.Jwk(R"(,"kid":"a\"\u0007\\")")}));
  const Outcome outcome = RunOnServer({"--format", "json"});
  const auto document = json::Document::Parse(outcome.output);
  ASSERT_TRUE(document.ok()) << outcome.output;
  EXPECT_EQ(int64_t(document->root()["exit_code"]), 0);
  EXPECT_EQ(simdjson::dom::array(document->root()["findings"]).size(), 3u);
  EXPECT_EQ(std::string_view(document->root()["findings"].at(0)["about"]), "key");
}

TEST_F(Check, RefusesUnknownFlags) {
  const std::string token = "eyJhbGciOiJFZERTQSJ9.e30.c2ln";
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{{"--jwsk", "https://a"},
                                                                                         {"--jwks"},
                                                                                         {"--format", "xml"},
                                                                                         {"--token", token},
                                                                                         {token},
                                                                                         {"--token=" + token}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.errors, AllOf(HasSubstr("usage: token-verifier check"), Not(HasSubstr(token))));
    EXPECT_EQ(outcome.output, "");
  }
  EXPECT_EQ(Run({"--help"}).exit_code, 0);
}

}  // namespace
}  // namespace verifier
