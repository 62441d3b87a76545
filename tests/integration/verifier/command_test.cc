// The binary as an operator runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace verifier {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Outcome {
  int exit_code;
  std::string output;
};

// Runs the binary with nothing but these variables set, as `env` takes them.
Outcome RunCommandLine(const std::string& variables, const std::string& arguments) {
  const std::string command = "env -i " + variables + " " + TOKEN_VERIFIER + " " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  size_t got = 0;
  while ((got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0) output.append(buffer.data(), got);
  return {WEXITSTATUS(pclose(pipe)), output};
}

TEST(TokenVerifierCommand, ListsEveryFaultAndExitsWithOne) {
  const Outcome outcome = RunCommandLine("VERIFIER_PORT=x BETTER_AUTH_SECRET=hunter2", "--check-config");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("VERIFIER_PORT is no whole number"), HasSubstr("BETTER_AUTH_URL is not set"),
                    HasSubstr("BETTER_AUTH_SECRET has 7 characters"), Not(HasSubstr("hunter2"))));
}

TEST(TokenVerifierCommand, DoesNotServeWithAFault) { EXPECT_EQ(RunCommandLine("", "").exit_code, 1); }

TEST(TokenVerifierCommand, RefusesAnUnknownArgument) {
  const Outcome outcome = RunCommandLine("BETTER_AUTH_URL=https://auth.example.com", "--chek-config");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("unknown command"), HasSubstr("--check-config")));
}

TEST(TokenVerifierCommand, AcceptsAGoodConfiguration) {
  EXPECT_EQ(RunCommandLine("BETTER_AUTH_URL=https://auth.example.com", "--check-config").exit_code, 0);
}

TEST(TokenVerifierCommand, SaysItsVersion) {
  const Outcome outcome = RunCommandLine("", "--version");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, ::testing::MatchesRegex("token-verifier [0-9.]+\n"));
}

TEST(TokenVerifierCommand, HealthcheckFailsWhereNothingServes) {
  // Port 1 is reserved; nothing of ours listens there.
  const Outcome outcome = RunCommandLine("BETTER_AUTH_URL=https://auth.example.com VERIFIER_PORT=1", "--healthcheck");
  EXPECT_EQ(outcome.exit_code, 1);
}

}  // namespace
}  // namespace verifier
