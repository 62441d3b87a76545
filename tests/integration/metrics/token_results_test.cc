// What the todo service and the verifier count of the tokens that callers show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/integration/metrics/stack.h"
#include "tests/support/todo/eventually.h"

namespace metrics_testing {
namespace {

using todo::testing::Eventually;
using verifier::testing::SigningKey;

std::string ResultSeries(const std::string& result) {
  return absl::StrCat("auth_token_validations_total{result=\"", result, "\"}");
}

TEST(TokenResults, AreCountedByWhatWasWrong) {
  Stack stack;
  const SigningKey other("EdDSA");
  const std::map<std::string, std::string> tokens = {
      {"missing_credential", ""},
      {"not_a_jwt", "opaque-session-token"},
      {"malformed", "a.b.c"},
      {"bad_signature", other.TokenOf(stack.Payload(), "one")},
      {"unknown_key", other.TokenOf(stack.Payload(), "two")},
      {"missing_claim", stack.Token(R"(,"sub":"")")},
      {"wrong_issuer", stack.Token(R"(,"iss":"https://other.example.com")")},
      {"wrong_audience", stack.Token(R"(,"aud":"https://other.example.com")")},
      {"expired", stack.Token("", -120)},
      {"not_yet_valid", stack.Token(R"(,"nbf":4102444800)")},
  };
  for (const auto& [result, token] : tokens) EXPECT_EQ(stack.Call("GET", "/api/me", token).status, 401) << result;
  const Scrape todo = Scrape::Of(stack.todo_admin());
  const Scrape verifier = Scrape::Of(stack.verifier_admin());
  for (const auto& [result, token] : tokens) {
    EXPECT_EQ(todo[ResultSeries(result)], 1) << result;
    // Where there is nothing to ask about, nobody asks.
    EXPECT_EQ(verifier[ResultSeries(result)], token.empty() ? 0 : 1) << result;
  }
  const double calls = static_cast<double>(tokens.size());
  EXPECT_EQ(todo.Sum("auth_token_validations_total"), calls);
  EXPECT_EQ(todo["auth_token_validation_seconds_count"], calls);
  EXPECT_EQ(todo[R"(grpc_server_handled_total{grpc_code="UNAUTHENTICATED",grpc_method="GetMe",)"
                 R"(grpc_service="todo.v1.TaskService"})"],
            calls);
  EXPECT_EQ(verifier[R"(grpc_server_handled_total{grpc_code="OK",grpc_method="VerifyToken",)"
                     R"(grpc_service="auth.v1.TokenVerifierService"})"],
            calls - 1);
  // For the key that nobody knows the key set was fetched again.
  EXPECT_EQ(verifier[absl::StrCat("jwks_fetch_total{jwks_url=\"", stack.jwks().url(), "\",result=\"ok\"}")], 2);
}

TEST(TokenResults, AreUnavailableWhereTheVerifierIsAway) {
  Stack stack;
  EXPECT_EQ(stack.Call("GET", "/api/me", stack.Token()).status, 200);
  const std::string unknown = stack.Token(R"(,"jti":"1")");
  stack.verifier().reset();
  EXPECT_TRUE(Eventually([&] { return stack.Call("GET", "/api/me", unknown).status == 503; }));
  const Scrape todo = Scrape::Of(stack.todo_admin());
  EXPECT_GE(todo[ResultSeries("unavailable")], 1);
  EXPECT_EQ(todo[ResultSeries("ok")], 1);
}

TEST(TokenResults, CountACallWhoseTokenIsKnownToo) {
  Stack stack;
  const std::string token = stack.Token();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(stack.Call("GET", "/api/me", token).status, 200);
  const Scrape todo = Scrape::Of(stack.todo_admin());
  EXPECT_EQ(todo[ResultSeries("ok")], 5);
  EXPECT_EQ(todo["auth_token_cache_hits_total"], 4);
  EXPECT_EQ(todo["auth_token_cache_misses_total"], 1);
  EXPECT_EQ(todo["auth_token_validation_seconds_count"], 5);
  const Scrape verifier = Scrape::Of(stack.verifier_admin());
  EXPECT_EQ(verifier[ResultSeries("ok")], 1);
  EXPECT_EQ(verifier["auth_token_cache_misses_total"], 1);
}

TEST(TokenResults, TellAnothersTasksFromABadToken) {
  Stack stack;
  EXPECT_EQ(stack.Call("GET", "/api/bob/tasks", stack.Token()).status, 403);
  const Scrape todo = Scrape::Of(stack.todo_admin());
  EXPECT_EQ(todo["authz_cross_user_denied_total"], 1);
  EXPECT_EQ(todo[ResultSeries("ok")], 1);
}

}  // namespace
}  // namespace metrics_testing
