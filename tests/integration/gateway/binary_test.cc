// The http-gateway binary itself.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "absl/strings/numbers.h"
#include "tests/integration/gateway/gateway_fixture.h"
#include "tests/support/gateway/gateway_process.h"

namespace gateway {
namespace {

using testing::HasSubstr;

struct Outcome {
  int exit_code = -1;
  std::string output;  // both streams
};

Outcome RunGateway(const std::string& environment, const std::string& arguments) {
  Outcome outcome;
  const std::string command = "env -i " + environment + " " HTTP_GATEWAY " " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  char bytes[4096];
  size_t size;
  while ((size = fread(bytes, 1, sizeof bytes, pipe)) > 0) outcome.output.append(bytes, size);
  outcome.exit_code = WEXITSTATUS(pclose(pipe));
  return outcome;
}

std::string SetFlag() { return "--descriptor_set=" + gateway_testing::DescriptorSetPath(); }

TEST(Binary, PrintsTheRoutesOfItsBuiltInApi) {
  const Outcome outcome = RunGateway("", "--check");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, HasSubstr("POST    /api/{user_id}/tasks  ->  todo.v1.TaskService.CreateTask\n"));
}

TEST(Binary, ServesAForeignDescriptorSet) {
  const Outcome outcome = RunGateway("", "--check --upstream=gateway_testing.v1.ShelfService=localhost:1 " + SetFlag());
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, HasSubstr("PEEK    /v1/peek/{book}  ->"));
  EXPECT_THAT(outcome.output, testing::Not(HasSubstr("todo")));
}

TEST(Binary, NamesAnUpstreamThatIsNoService) {
  const Outcome outcome = RunGateway("", "--check --upstream=no.Such=localhost:1 " + SetFlag());
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output, HasSubstr("holds no service no.Such"));
}

TEST(Binary, NamesADescriptorSetThatIsNone) {
  EXPECT_THAT(RunGateway("", "--check --descriptor_set=/dev/null --upstream=a.B=c:1").output,
              HasSubstr("--descriptor_set"));
  EXPECT_THAT(RunGateway("", "--descriptor_set=/no/such/file --upstream=a.B=c:1").output, HasSubstr("/no/such/file"));
  const Outcome junk = RunGateway("", "--descriptor_set=" HTTP_GATEWAY " --upstream=a.B=c:1");
  EXPECT_EQ(junk.exit_code, 1);
  EXPECT_THAT(junk.output, HasSubstr("is no descriptor set"));
}

TEST(Binary, NamesAllFaultsAtOnce) {
  const Outcome outcome = RunGateway("PORT=70000 ALLOWED_ORIGINS='*' DEBUG=maybe AUTH_MODE=basic",
                                     "--upstream=broken --unknown --check-config");
  EXPECT_EQ(outcome.exit_code, 1);
  for (const char* name : {"PORT", "ALLOWED_ORIGINS", "DEBUG", "AUTH_MODE", "--upstream=broken", "--unknown"}) {
    EXPECT_THAT(outcome.output, HasSubstr(name));
  }
}

TEST(Binary, NamesAnAddressThatIsNone) {
  const Outcome flag = RunGateway("", "--check --upstream=gateway_testing.v1.ShelfService=http://a:1 " + SetFlag());
  EXPECT_EQ(flag.exit_code, 1);
  EXPECT_THAT(flag.output,
              HasSubstr("--upstream=gateway_testing.v1.ShelfService=http://a:1: \"http://a:1\" has no host"));
  const Outcome variable = RunGateway("TODO_ADDRESS=localhost", "--check-config");
  EXPECT_EQ(variable.exit_code, 1);
  EXPECT_THAT(variable.output, HasSubstr("TODO_ADDRESS"));
}

TEST(Binary, ChecksItsConfiguration) {
  EXPECT_EQ(RunGateway("ALLOWED_ORIGINS=https://a.example", "--check-config").exit_code, 0);
  EXPECT_EQ(RunGateway("AUTH_MODE=jwt,session", "--check-config").exit_code, 0);
  EXPECT_THAT(RunGateway("AUTH_MODE=,", "--check-config").output, HasSubstr("AUTH_MODE"));
  EXPECT_THAT(RunGateway("", "--version").output, testing::StartsWith("http-gateway "));
  EXPECT_THAT(RunGateway("", "--help").output, HasSubstr("--upstream"));
}

class RunningBinary : public GatewayFixture {
 protected:
  // Runs before both test services.
  std::unique_ptr<gateway_testing::GatewayProcess> Run(std::vector<std::string> flags,
                                                       const std::vector<std::string>& environment = {}) {
    flags.push_back(SetFlag());
    flags.push_back("--upstream=gateway_testing.v1.ShelfService=127.0.0.1:" + std::to_string(grpc_->port()));
    flags.push_back("--upstream=gateway_testing.v1.FeatureService=127.0.0.1:" + std::to_string(features_->port()));
    return std::make_unique<gateway_testing::GatewayProcess>(HTTP_GATEWAY, flags, environment);
  }
};

TEST_F(RunningBinary, ServesWhatHasNoAnnotationWhereItIsTold) {
  const std::string hidden = "/gateway_testing.v1.ShelfService/Hidden";
  const auto told = Run({"--expose_unannotated"});
  const HttpAnswer answer = Fetch(told->port(), "POST", hidden, R"({"shelf":"s"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("method":"Hidden")"));
  EXPECT_EQ(Fetch(told->port(), "POST", "/gateway_testing.v1.ShelfService/GetBook", "{}").status, 404);
  EXPECT_EQ(Fetch(Run({})->port(), "POST", hidden, R"({"shelf":"s"})").status, 404);
}

TEST_F(RunningBinary, PassesOverUnknownNamesWhereItIsTold) {
  const auto told = Run({"--json=ignore_unknown"});
  EXPECT_EQ(Fetch(told->port(), "POST", "/f/kinds", R"({"nope":1,"aBool":true})").body, R"({"aBool":true})");
  EXPECT_EQ(Fetch(told->port(), "GET", "/f/kinds?nope=1&a_bool=true").body, R"({"aBool":true})");
  // This service says itself how its JSON is.
  EXPECT_EQ(Fetch(told->port(), "POST", "/v1/shelves/s/books", R"({"nope":1})").status, 400);
}

TEST_F(RunningBinary, TakesTheWordOfTrustedProxiesForWhereARequestComesFrom) {
  const std::string forwarded = "X-Forwarded-For: 203.0.113.7\r\n";
  const auto trusting = Run({}, {"TRUSTED_PROXIES=127.0.0.1"});
  EXPECT_EQ(Fetch(trusting->port(), "GET", "/health", "", forwarded).status, 200);
  EXPECT_EQ(trusting->Stop(), 0);
  EXPECT_THAT(trusting->log(), HasSubstr(R"("peer":"203.0.113.7")"));
  const auto other = Run({});
  EXPECT_EQ(Fetch(other->port(), "GET", "/health", "", forwarded).status, 200);
  EXPECT_EQ(other->Stop(), 0);
  EXPECT_THAT(other->log(), HasSubstr(R"("peer":"127.0.0.1")"));
  EXPECT_THAT(other->log(), testing::Not(HasSubstr("203.0.113.7")));
}

TEST_F(RunningBinary, NamesAPortInUse) {
  const Outcome outcome = RunGateway("PORT=" + std::to_string(port()), "");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output, HasSubstr("127.0.0.1:" + std::to_string(port())));
}

TEST_F(RunningBinary, HealthcheckAsksTheRunningGateway) {
  EXPECT_EQ(RunGateway("PORT=" + std::to_string(port()), "--healthcheck").exit_code, 0);
  const std::string old_port = std::to_string(port());
  server_->Drain(absl::ZeroDuration());
  EXPECT_EQ(RunGateway("PORT=" + old_port, "--healthcheck").exit_code, 1);
}

TEST_F(RunningBinary, ServesLogsAndEndsOnSigterm) {
  int log[2];
  ASSERT_EQ(pipe2(log, O_CLOEXEC), 0);
  const std::string upstream = "--upstream=gateway_testing.v1.ShelfService=127.0.0.1:" + std::to_string(grpc_->port());
  const std::string set = SetFlag();
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(log[1], 2);
    const char* environment[] = {"PORT=0", nullptr};
    execle(HTTP_GATEWAY, HTTP_GATEWAY, upstream.c_str(), set.c_str(), nullptr, environment);
    _exit(127);
  }
  close(log[1]);
  FILE* lines = fdopen(log[0], "r");
  char line[4096];
  std::string started;
  while (started.find("\"port\":") == std::string::npos) {
    ASSERT_NE(fgets(line, sizeof line, lines), nullptr);
    started = line;
  }
  int number = 0;
  const size_t at = started.find("\"port\":") + 7;
  ASSERT_TRUE(absl::SimpleAtoi(started.substr(at, started.find('}') - at), &number)) << started;
  const HttpAnswer answer = Fetch(static_cast<uint16_t>(number), "GET", "/v1/shelves/s/books/b?page_size=7", "",
                                  "Authorization: Bearer secret-token\r\nX-Request-Id: id-1\r\n");
  EXPECT_EQ(answer.status, 200);
  kill(pid, SIGTERM);
  std::string rest;
  while (fgets(line, sizeof line, lines) != nullptr) rest += line;
  fclose(lines);
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_THAT(
      rest,
      HasSubstr(R"("event":"http_request","route":"/v1/shelves/{shelf}/books/{book}","method":"GET","status":200)"));
  EXPECT_THAT(rest, HasSubstr(R"("request_id":"id-1")"));
  EXPECT_THAT(rest, testing::Not(HasSubstr("secret-token")));
  EXPECT_THAT(rest, testing::Not(HasSubstr("page_size")));
}

}  // namespace
}  // namespace gateway
