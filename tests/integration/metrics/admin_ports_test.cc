// What the three binaries tell on their admin ports: numbers after real calls, readiness in outages and drains, and
// nothing that was secret.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/metrics/stack.h"
#include "tests/support/todo/eventually.h"

namespace metrics_testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using todo::testing::Eventually;
using verifier::testing::VerifierProcess;

std::string Requests(const std::string& route, const std::string& method, int code) {
  return absl::StrCat("http_requests_total{code=\"", code, "\",method=\"", method, "\",route=\"", route, "\"}");
}

void ExpectAliveAndNotReady(uint16_t admin_port) {
  EXPECT_TRUE(Eventually([=] { return Stack::StatusOf(admin_port, "/readyz") == 503; }));
  EXPECT_EQ(Stack::StatusOf(admin_port, "/health"), 200);
  EXPECT_EQ(Scrape::Of(admin_port)["service_ready"], 0);
}

TEST(AdminPorts, RequestsAreCountedByTheTemplateOfTheirRoute) {
  Stack stack;
  const std::string token = stack.Token();
  EXPECT_EQ(stack.Call("POST", "/api/ada/tasks", token, R"({"title":"Buy milk"})").status, 201);
  EXPECT_EQ(stack.Call("GET", "/api/ada/tasks?page_size=1", token).status, 200);
  EXPECT_EQ(stack.Call("GET", "/api/bob/tasks", token).status, 403);
  for (const char* path : {"/nothing", "/api/%zz/tasks", "/wp-login.php"}) stack.Call("GET", path, token);
  stack.Call("BREW", "/api/me", token);
  gateway_testing::RawHttpClient malformed(stack.gateway().port());
  malformed.Send("GET /secret-path HTTP/1.1\r\n\r\n");
  EXPECT_EQ(malformed.Read()->status, 400);

  const Scrape gateway = Scrape::Of(stack.gateway_admin());
  const std::string tasks = "/api/{user_id}/tasks";
  EXPECT_EQ(gateway[Requests(tasks, "POST", 201)], 1);
  EXPECT_EQ(gateway[Requests(tasks, "GET", 200)], 1);
  EXPECT_EQ(gateway[Requests(tasks, "GET", 403)], 1);
  EXPECT_EQ(gateway[Requests(tasks, "GET", 503)], 0);
  EXPECT_EQ(gateway[Requests("unknown", "GET", 404)], 2);
  EXPECT_EQ(gateway[Requests("unknown", "GET", 400)], 1);
  EXPECT_EQ(gateway[Requests("unknown", "other", 405)], 1);
  EXPECT_EQ(gateway[Requests("refused", "other", 400)], 1);
  EXPECT_EQ(gateway.Sum("http_requests_total"), 8);
  EXPECT_EQ(gateway[absl::StrCat("http_request_duration_seconds_count{method=\"GET\",route=\"", tasks, "\"}")], 2);
  EXPECT_EQ(gateway["http_requests_in_flight"], 0);
  for (const char* text : {"wp-login", "BREW", "secret-path", "bob", "page_size"}) {
    EXPECT_THAT(gateway.text(), Not(HasSubstr(text)));
  }
}

TEST(AdminPorts, ThePoolAndStreamsAreTold) {
  Stack stack({.todo = {{"DATABASE_POOL_SIZE", "3"}}});
  const std::string token = stack.Token();
  EXPECT_EQ(stack.Call("GET", "/api/ada/tasks", token).status, 200);
  const Scrape idle = Scrape::Of(stack.todo_admin());
  EXPECT_EQ(idle["db_pool_max"], 3);
  EXPECT_EQ(idle["db_pool_in_use"], 0);
  EXPECT_GE(idle["db_pool_idle"], 1);
  EXPECT_GE(idle["db_pool_acquire_seconds_count"], 1);

  const auto blocker = stack.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
  std::thread call([&] { stack.Call("GET", "/api/ada/tasks", token); });
  EXPECT_TRUE(Eventually([&] { return Scrape::Of(stack.todo_admin())["db_pool_in_use"] == 1; }));
  EXPECT_EQ(Scrape::Of(stack.gateway_admin())["http_requests_in_flight"], 1);
  call.join();
  ASSERT_TRUE(blocker->RunScript("ROLLBACK").ok());
  EXPECT_GE(Scrape::Of(stack.todo_admin())[R"(db_errors_total{class="timeout"})"], 1);

  gateway_testing::RawHttpClient stream(stack.gateway().port());
  stream.Send(absl::StrCat("GET /api/ada/tasks/stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n",
                           "Authorization: Bearer ", token, "\r\n\r\n"));
  ASSERT_EQ(stream.ReadHead()->status, 200);
  EXPECT_EQ(Scrape::Of(stack.gateway_admin())["http_streams_open"], 1);
}

TEST(AdminPorts, CallsOfAUserWhoCallsTooOftenAreCountedAsShed) {
  Stack stack({.todo = {{"USER_RATE", "1"}}});
  const std::string token = stack.Token();
  while (stack.Call("GET", "/api/me", token).status != 429) {
  }
  EXPECT_GE(Scrape::Of(stack.todo_admin())[R"(grpc_calls_shed_total{reason="user_rate"})"], 1);
}

TEST(AdminPorts, AClientWithTooManyConnectionsIsCountedAsShed) {
  Stack stack;
  std::vector<std::unique_ptr<gateway_testing::RawHttpClient>> clients;
  for (int i = 0; i < 80; ++i) {
    clients.push_back(std::make_unique<gateway_testing::RawHttpClient>(stack.gateway().port()));
  }
  EXPECT_TRUE(Eventually([&] {
    const Scrape gateway = Scrape::Of(stack.gateway_admin());
    return gateway[R"(http_requests_shed_total{reason="connections"})"] == 16 && gateway["http_connections_open"] == 64;
  }));
}

TEST(AdminPorts, AVerifierThatWaitsForItsFirstKeysSaysSo) {
  verifier::testing::JwksServer jwks;
  jwks.ServeRaw(verifier::testing::HttpResponse("200 OK", "<html>"));
  const VerifierProcess process(
      TOKEN_VERIFIER,
      {{"BETTER_AUTH_URL", kIssuer}, {"BETTER_AUTH_JWKS_URL", jwks.url()}, {"VERIFIER_ADMIN_PORT", "0"}});
  const uint16_t port = AwaitAdminPort(process);
  ExpectAliveAndNotReady(port);
  const std::string bad = absl::StrCat("jwks_fetch_total{jwks_url=\"", jwks.url(), "\",result=\"bad_answer\"}");
  EXPECT_TRUE(Eventually([&] { return Scrape::Of(port)[bad] >= 1; }));
  EXPECT_EQ(Scrape::Of(port)[absl::StrCat("jwks_keys{jwks_url=\"", jwks.url(), "\"}")], 0);
}

TEST(AdminPorts, AKeySetThatCannotBeFetchedAnyMoreIsTold) {
  Stack stack(
      {.verifier = {{"JWKS_CACHE_SECONDS", "1"}, {"JWKS_MIN_CACHE_SECONDS", "1"}, {"JWKS_GRACE_SECONDS", "1"}}});
  const std::string label = absl::StrCat("{jwks_url=\"", stack.jwks().url(), "\"");
  const Scrape before = Scrape::Of(stack.verifier_admin());
  EXPECT_EQ(before[absl::StrCat("jwks_keys", label, "}")], 1);
  EXPECT_EQ(before[absl::StrCat("jwks_keys_skipped", label, "}")], 0);
  EXPECT_EQ(before[absl::StrCat("jwks_fetch_total", label, ",result=\"unreachable\"}")], 0);
  const std::string last_success = absl::StrCat("jwks_last_success_timestamp_seconds", label, "}");
  EXPECT_GT(before[last_success], before["process_start_time_seconds"]);
  stack.jwks().Close();
  ExpectAliveAndNotReady(stack.verifier_admin());
  const Scrape after = Scrape::Of(stack.verifier_admin());
  EXPECT_GE(after[absl::StrCat("jwks_fetch_total", label, ",result=\"unreachable\"}")], 1);
  EXPECT_EQ(after[absl::StrCat("jwks_keys", label, "}")], 0);
  EXPECT_LT(after[absl::StrCat("jwks_usable_until_timestamp_seconds", label, "}")], after[last_success] + 2.1);
  // The one who needs it is not ready either, and lives. The gateway goes on: the tokens that are known are good still.
  ExpectAliveAndNotReady(stack.todo_admin());
  EXPECT_EQ(Stack::StatusOf(stack.gateway_admin(), "/readyz"), 200);
  stack.jwks().Open();
  for (const uint16_t port : {stack.verifier_admin(), stack.todo_admin(), stack.gateway_admin()}) {
    // It is tried again after a random time, which grew with each failure.
    EXPECT_TRUE(Eventually([=] { return Stack::StatusOf(port, "/readyz") == 200; }, absl::Seconds(60)));
  }
}

TEST(AdminPorts, AServiceThatIsToldToStopIsNotReadyWhileItFinishesItsCalls) {
  Stack stack;
  const std::string token = stack.Token();
  EXPECT_EQ(stack.Call("GET", "/api/ada/tasks", token).status, 200);
  const auto blocker = stack.database().Connect();
  ASSERT_TRUE(blocker->RunScript("BEGIN; LOCK TABLE todo.tasks").ok());
  std::thread call([&] { EXPECT_EQ(stack.Call("GET", "/api/ada/tasks", token).status, 200); });
  EXPECT_TRUE(Eventually([&] { return Scrape::Of(stack.todo_admin())["db_pool_in_use"] == 1; }));
  kill(stack.gateway().pid(), SIGTERM);
  ExpectAliveAndNotReady(stack.gateway_admin());
  ASSERT_TRUE(blocker->RunScript("ROLLBACK").ok());
  call.join();
}

// A lint of Prometheus's own.
void CheckWithPromtool(const std::string& scrape) {
  FILE* const promtool = popen("promtool check metrics >&2", "w");
  ASSERT_NE(promtool, nullptr);
  std::fwrite(scrape.data(), 1, scrape.size(), promtool);
  EXPECT_EQ(pclose(promtool), 0);
}

TEST(AdminPorts, TellWhatPrometheusTakesAndNothingThatIsSecret) {
  Stack stack;
  const std::string token = stack.Token(R"(,"email":"canary-email","name":"canary-name")");
  EXPECT_EQ(stack.Call("POST", "/api/ada/tasks", token, R"({"title":"canary-title"})").status, 201);
  EXPECT_EQ(stack.Call("GET", "/api/canary-user/tasks", token).status, 403);
  EXPECT_EQ(stack.Call("GET", "/canary-path?token=canary-query", "canary-opaque-token").status, 404);
  for (const uint16_t port : {stack.verifier_admin(), stack.todo_admin(), stack.gateway_admin()}) {
    const Scrape scrape = Scrape::Of(port);
    for (const std::string& secret :
         {std::string("canary"), token, std::string("\"ada\""), stack.database().url(), stack.database().name()}) {
      EXPECT_THAT(scrape.text(), Not(HasSubstr(secret)));
    }
    CheckWithPromtool(scrape.text());
  }
}

}  // namespace
}  // namespace metrics_testing
