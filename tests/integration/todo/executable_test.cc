// The program itself: its commands, exit codes and what it prints.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/fake_verifier.h"
#include "tests/support/todo/test_database.h"
#include "todo/v1/task_service.grpc.pb.h"

namespace todo::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Variables = std::map<std::string, std::string>;

// A run of todo-service, with an environment of its own. Killed with the object.
class Process {
 public:
  Process(const std::vector<std::string>& arguments, const Variables& variables) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    std::vector<std::string> words = {TODO_SERVICE_PATH};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> environment;
    for (const auto& [name, value] : variables) environment.push_back(absl::StrCat(name, "=", value));
    EXPECT_EQ(
        posix_spawn(&pid_, TODO_SERVICE_PATH, &actions, nullptr, Pointers(words).data(), Pointers(environment).data()),
        0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
  }

  ~Process() {
    if (pid_ != 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(output_);
  }

  // Waits for the end, and gives the exit status.
  int Wait() {
    ReadUntil("there is no such text");
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // Reads what it prints until `text` is there or the output ends.
  bool ReadUntil(const std::string& text) {
    while (printed_.find(text) == std::string::npos) {
      pollfd readable = {output_, POLLIN, 0};
      if (poll(&readable, 1, 20000) <= 0) return false;
      char buffer[4096];
      const ssize_t size = read(output_, buffer, sizeof buffer);
      if (size <= 0) return false;
      printed_.append(buffer, static_cast<size_t>(size));
    }
    return true;
  }

  void Terminate() const { kill(pid_, SIGTERM); }
  const std::string& printed() const { return printed_; }

 private:
  static std::vector<char*> Pointers(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  }

  pid_t pid_ = 0;
  int output_ = -1;
  std::string printed_;
};

struct Outcome {
  int exit_status;
  std::string printed;
};

Outcome RunToEnd(const std::vector<std::string>& arguments, const Variables& variables) {
  Process process(arguments, variables);
  const int exit_status = process.Wait();
  return {exit_status, process.printed()};
}

void CreateTask(const std::string& address, const std::string& token, const std::string& title) {
  const auto stub = v1::TaskService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + token);
  v1::CreateTaskRequest request;
  request.set_user_id("ada");
  request.mutable_task()->set_title(title);
  v1::CreateTaskResponse response;
  EXPECT_TRUE(stub->CreateTask(&context, request, &response).ok());
}

TEST(Executable, ListsEveryFaultOfItsConfiguration) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{}, {"migrate"}, {"--check-config"}}) {
    const Outcome outcome = RunToEnd(arguments, {{"NEON_DATABASE_URL", "hunter2"}, {"TODO_PORT", "x"}});
    EXPECT_EQ(outcome.exit_status, 1);
    EXPECT_THAT(outcome.printed,
                AllOf(HasSubstr("NEON_DATABASE_URL"), HasSubstr("TODO_PORT"), Not(HasSubstr("hunter2"))));
  }
}

TEST(Executable, TellsADatabaseOutOfReachFromAWrongConfiguration) {
  const Variables variables = {{"NEON_DATABASE_URL", "postgresql://ada:hunter2@127.0.0.1:1/todo"}};
  for (const char* command : {"--check-config", "migrate"}) {
    const Outcome outcome = RunToEnd({command}, variables);
    EXPECT_EQ(outcome.exit_status, 2);
    EXPECT_THAT(outcome.printed, AllOf(HasSubstr("refused"), Not(HasSubstr("hunter2"))));
  }
}

TEST(Executable, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(RunToEnd({"nonsense"}, {}).exit_status, 1);
  EXPECT_EQ(RunToEnd({"migrate", "twice"}, {}).exit_status, 1);
}

TEST(Executable, IsNotHealthyWhereItDoesNotRun) {
  EXPECT_EQ(RunToEnd({"--healthcheck"}, {{"NEON_DATABASE_URL", "dbname=todo"}, {"TODO_PORT", "1"}}).exit_status, 1);
}

TEST(Executable, RefusesAPortInUse) {
  FakeVerifier occupant;
  const std::string port = occupant.address().substr(occupant.address().find(':') + 1);
  const Outcome outcome = RunToEnd({}, {{"NEON_DATABASE_URL", "dbname=todo"}, {"TODO_PORT", port}});
  EXPECT_EQ(outcome.exit_status, 1);
  EXPECT_THAT(outcome.printed, HasSubstr("127.0.0.1:" + port));
}

TEST(Executable, TellsItsVersionWithoutAConfiguration) {
  const Outcome outcome = RunToEnd({"--version"}, {});
  EXPECT_EQ(outcome.exit_status, 0);
  EXPECT_THAT(outcome.printed, HasSubstr("todo-service "));
}

TEST(Executable, MigratesServesAndStopsWhenTold) {
  TestDatabase database(TestDatabase::Schema::kNone);
  FakeVerifier verifier;
  Variables variables = {
      {"NEON_DATABASE_URL", database.url()}, {"VERIFIER_ADDRESS", verifier.address()}, {"TODO_PORT", "0"}};
  EXPECT_EQ(RunToEnd({"--check-config"}, variables).exit_status, 0);
  Process service({}, variables);
  // It runs before there is a schema, and says what to do.
  ASSERT_TRUE(service.ReadUntil("todo-service migrate"));
  EXPECT_EQ(RunToEnd({"migrate"}, variables).exit_status, 0);
  EXPECT_EQ(RunToEnd({"migrate"}, variables).exit_status, 0);
  ASSERT_TRUE(service.ReadUntil("\"event\":\"ready\""));
  const size_t port = service.printed().find("\"port\":");
  variables["TODO_PORT"] = std::to_string(std::stoi(service.printed().substr(port + 7)));
  EXPECT_EQ(RunToEnd({"--healthcheck"}, variables).exit_status, 0);
  CreateTask("127.0.0.1:" + variables["TODO_PORT"], "token-of-ada", "canary-title");
  ASSERT_TRUE(service.ReadUntil("/todo.v1.TaskService/CreateTask"));
  service.Terminate();
  EXPECT_EQ(service.Wait(), 0);
  EXPECT_THAT(service.printed(), HasSubstr("draining"));
  // What must be in no log line.
  for (const std::string& secret : {std::string("token-of-ada"), std::string("canary-title"), database.name()}) {
    EXPECT_THAT(service.printed(), Not(HasSubstr(secret)));
  }
}

}  // namespace
}  // namespace todo::testing
