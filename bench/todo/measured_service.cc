#include "bench/todo/measured_service.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace todo::bench {
namespace {

pid_t started_service = 0;

}  // namespace

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

double Percentile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(part * static_cast<double>(values.size())))];
}

double Seconds(absl::Duration duration) { return absl::ToDoubleSeconds(duration); }

void GiveUp(const std::string& why) {
  std::fprintf(stderr, "todo: %s\n", why.c_str());
  if (started_service != 0) kill(started_service, SIGKILL);
  std::_Exit(1);
}

double CpuSecondsOf(pid_t process) {
  std::ifstream stat(absl::StrCat("/proc/", process, "/stat"));
  std::string text;
  if (!std::getline(stat, text)) return 0;
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string field;
  double ticks = 0;
  for (int i = 3; i <= 15 && fields >> field; ++i) {
    if (i >= 14) ticks += std::stod(field);
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

MeasuredService::MeasuredService(const TestDatabase& database, const FakeVerifier& verifier) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  std::vector<std::string> variables = {"NEON_DATABASE_URL=" + database.url(),
                                        "NEON_DATABASE_DIRECT_URL=" + database.url(),
                                        "VERIFIER_ADDRESS=" + verifier.address(), "TODO_PORT=0", "USER_RATE=0"};
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  std::string path = TODO_SERVICE_PATH;
  std::array<char*, 2> arguments = {path.data(), nullptr};
  if (posix_spawn(&pid_, path.c_str(), &actions, nullptr, arguments.data(), environment.data()) != 0) std::abort();
  started_service = pid_;
  close(ends[1]);
  output_ = fdopen(ends[0], "r");
  ReadPort();
  drain_ = std::thread([this] {
    char line[4096];
    while (fgets(line, sizeof line, output_) != nullptr) {
    }
  });
}

MeasuredService::~MeasuredService() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  started_service = 0;
  drain_.join();
  fclose(output_);
}

std::shared_ptr<grpc::Channel> MeasuredService::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port_), grpc::InsecureChannelCredentials(), arguments);
}

int64_t MeasuredService::ResidentKiB() const {
  std::ifstream status(absl::StrCat("/proc/", pid_, "/status"));
  std::string word;
  int64_t kib = 0;
  while (status >> word) {
    if (word == "VmRSS:") status >> kib;
  }
  return kib;
}

void MeasuredService::ReadPort() {
  char line[4096];
  while (fgets(line, sizeof line, output_) != nullptr) {
    const std::string text = line;
    const size_t port = text.find("\"port\":");
    if (port != std::string::npos) port_ = std::stoi(text.substr(port + 7));
    if (text.find("\"event\":\"ready\"") != std::string::npos) return;
  }
  GiveUp("todo-service did not start");
}

}  // namespace todo::bench
