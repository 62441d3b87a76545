// What the interceptor costs an RPC: a server in a process of its own, with and without it, and the CPU time that the
// server spends on a call. The verifier runs in a third process.
//
//   rpc_bench            prints one JSON object
#include <grpcpp/grpcpp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/auth_interceptor.h"
#include "common/auth/authenticated_context.h"
#include "common/auth/caching_authenticator.h"
#include "common/auth/verifier_client.h"
#include "common/core/clock.h"
#include "common/grpc/grpc_server.h"
#include "services/verifier/credential_verifier.h"
#include "services/verifier/key_sets.h"
#include "services/verifier/token_verifier_service.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace {

using verifier::testing::SigningKey;

constexpr int kInFlight = 16;
constexpr char kIssuer[] = "https://auth.example.com";

enum class Guard { kNone, kInterceptor };

// Any small unary RPC; this one's messages are at hand.
class SmallService : public auth::v1::TokenVerifierService::CallbackService {
 public:
  explicit SmallService(Guard guard) : guard_(guard) {}

  grpc::ServerUnaryReactor* GetKeySetStatus(grpc::CallbackServerContext* context,
                                            const auth::v1::GetKeySetStatusRequest*,
                                            auth::v1::GetKeySetStatusResponse* response) override {
    if (guard_ == Guard::kInterceptor) {
      return auth::Authenticated(
          context, [&](const auth::Principal& principal) { return Answer(context, principal.user_id(), response); });
    }
    return Answer(context, "ada", response);
  }

 private:
  static grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, const std::string& user,
                                          auth::v1::GetKeySetStatusResponse* response) {
    response->add_key_sets()->set_jwks_url(user);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  const Guard guard_;
};

// A child process that serves until it is killed, and the port that it chose.
struct Child {
  pid_t pid;
  int port;

  ~Child() {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
};

// `serve` gets the address and returns the running server's port; what it makes must live on.
template <typename Serve>
std::unique_ptr<Child> Start(Serve serve) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) std::abort();
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int port = serve();
    if (write(pipe_ends[1], &port, sizeof port) != sizeof port) _exit(1);
    while (true) pause();
  }
  int port = 0;
  if (read(pipe_ends[0], &port, sizeof port) != sizeof port) std::abort();
  return std::unique_ptr<Child>(new Child{pid, port});
}

int ServeVerifier(const std::string& jwks_url) {
  auto* config = new verifier::Config();
  config->issuers = {{.jwks_url = jwks_url, .claims = {.issuers = {kIssuer}, .audiences = {kIssuer}}}};
  auto* clock = new common::SystemClock();
  auto* key_sets = new verifier::KeySets(*config, common::Logger::Silent());
  if (!key_sets->WaitUntilUsable(absl::Seconds(30)).ok()) std::abort();
  auto* tokens = new verifier::TokenVerifier({.issuers = key_sets->Issuers()}, *clock);
  auto* credentials = new verifier::CredentialVerifier(tokens, nullptr);
  auto* service = new verifier::TokenVerifierService(*credentials, *key_sets, *new auth::ValidationMetrics(),
                                                     common::Logger::Silent());
  auto& server = *new auto(*common::GrpcServer::Start(
      {.address = "127.0.0.1:0", .credentials = grpc::InsecureServerCredentials()}, *service));
  server->SetServing(true);
  return server->port();
}

int ServeSmall(Guard guard, int verifier_port) {
  common::GrpcServerOptions options{.address = "127.0.0.1:0", .credentials = grpc::InsecureServerCredentials()};
  if (guard == Guard::kInterceptor) {
    auto* clock = new common::SystemClock();
    auto* client = new auth::VerifierClient(
        auth::MakeVerifierChannel(absl::StrCat("127.0.0.1:", verifier_port), grpc::InsecureChannelCredentials()));
    auto* cache = new auth::CachingAuthenticator(*client, *clock, {});
    options.interceptors.push_back(std::make_unique<auth::AuthInterceptorFactory>(
        *cache, *new auth::ValidationMetrics(), common::Logger::Silent()));
    options.context_allocator = std::make_unique<auth::AuthenticatedContextAllocator>();
  }
  return (*new auto(*common::GrpcServer::Start(std::move(options), *new SmallService(guard))))->port();
}

double CpuSeconds(pid_t pid) {
  FILE* file = std::fopen(absl::StrCat("/proc/", pid, "/stat").c_str(), "r");
  unsigned long user = 0;
  unsigned long system = 0;
  if (std::fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) {
    std::abort();
  }
  std::fclose(file);
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// So many calls, each with the next token in turn.
class Load {
 public:
  Load(const std::shared_ptr<grpc::Channel>& channel, const std::vector<std::string>& tokens, size_t calls)
      : stub_(auth::v1::TokenVerifierService::NewStub(channel)), tokens_(tokens), calls_(calls), micros_(calls) {}

  // Keeps kInFlight calls under way: as fast as the machine can.
  void Run() {
    for (int i = 0; i < kInFlight; ++i) Next();
    done_.get_future().wait();
  }
  // Begins a call each `interval`, whether the others have ended or not. A call's time runs from when it was due.
  void RunEach(absl::Duration interval) {
    keeps_in_flight_ = false;
    absl::Time due = absl::Now() + interval;
    for (size_t i = 0; i < calls_; ++i, due += interval) {
      absl::SleepFor(due - absl::Now());
      Start(i, due);
    }
    done_.get_future().wait();
  }
  int failures() const { return failures_; }
  double Percentile(double p) {
    std::sort(micros_.begin(), micros_.end());
    return micros_[static_cast<size_t>(p * static_cast<double>(micros_.size() - 1))];
  }

 private:
  struct Call {
    grpc::ClientContext context;
    auth::v1::GetKeySetStatusRequest request;
    auth::v1::GetKeySetStatusResponse response;
  };

  void Next() {
    const size_t number = started_++;
    if (number < calls_) Start(number, absl::Now());
  }

  void Start(size_t number, absl::Time start) {
    auto call = std::make_shared<Call>();
    call->context.AddMetadata("authorization", "Bearer " + tokens_[number % tokens_.size()]);
    stub_->async()->GetKeySetStatus(&call->context, &call->request, &call->response,
                                    [this, call, number, start](const grpc::Status& status) {
                                      micros_[number] = absl::ToDoubleMicroseconds(absl::Now() - start);
                                      if (!status.ok()) ++failures_;
                                      if (keeps_in_flight_) Next();
                                      if (++finished_ == calls_) done_.set_value();
                                    });
  }

  std::unique_ptr<auth::v1::TokenVerifierService::Stub> stub_;
  const std::vector<std::string>& tokens_;
  const size_t calls_;
  bool keeps_in_flight_ = true;
  std::vector<double> micros_;
  std::atomic<size_t> started_ = 0;
  std::atomic<size_t> finished_ = 0;
  std::atomic<int> failures_ = 0;
  std::promise<void> done_;
};

struct Measured {
  double cpu_micros;  // of the server, for one call
  double p50;
  double p99;
};

// Each token is shown in turn, `calls` times in all: kInFlight at once, or one each `interval` where that is not zero.
Measured Measure(const Child& server, const std::vector<std::string>& tokens, size_t calls,
                 absl::Duration interval = absl::ZeroDuration()) {
  // Kept for as long as this process lives: gRPC 1.51 fails now and then where a process's last channel goes and comes.
  static auto* const channels = new std::map<int, std::shared_ptr<grpc::Channel>>();
  std::shared_ptr<grpc::Channel>& channel = (*channels)[server.port];
  if (channel == nullptr) {
    channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server.port), grpc::InsecureChannelCredentials());
  }
  Load load(channel, tokens, calls);
  const double before = CpuSeconds(server.pid);
  interval > absl::ZeroDuration() ? load.RunEach(interval) : load.Run();
  if (load.failures() > 0) {
    std::fprintf(stderr, "rpc_bench: %d calls failed\n", load.failures());
    std::exit(1);
  }
  return {(CpuSeconds(server.pid) - before) * 1e6 / static_cast<double>(calls), load.Percentile(0.5),
          load.Percentile(0.99)};
}

std::vector<std::string> TokensOf(const SigningKey& key, size_t count, int salt) {
  std::vector<std::string> tokens;
  for (size_t i = 0; i < count; ++i) {
    tokens.push_back(key.TokenOf(
        absl::StrCat(R"({"iat":)", absl::ToUnixSeconds(absl::Now()),
                     R"(,"name":"Ada Lovelace","email":"ada@example.com",)",
                     R"("sub":"kRq0vYp3TnfM1qV0cRzk2Y3pLw8sT5uX","jti":")", salt, "-", i, R"(","exp":)",
                     absl::ToUnixSeconds(absl::Now()) + 900, R"(,"iss":")", kIssuer, R"(","aud":")", kIssuer, "\"}"),
        "one"));
  }
  return tokens;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() {
  constexpr int kRounds = 7;
  constexpr size_t kCalls = 30'000;
  constexpr size_t kFresh = 3'000;
  // A third of what the machine can do, so that a call's time is its own and not that of those before it.
  constexpr absl::Duration kInterval = absl::Milliseconds(1);
  const SigningKey key("EdDSA");
  const std::string jwks = verifier::testing::KeySetOf({key.Jwk(R"(,"kid":"one")")});
  // Forked before this process has any thread or gRPC of its own.
  const auto jwks_server = Start([&jwks] {
    auto* server = new verifier::testing::JwksServer();
    server->Serve(jwks);
    const std::string url = server->url();
    return std::stoi(url.substr(url.rfind(':') + 1));
  });
  const std::string jwks_url = absl::StrCat("http://127.0.0.1:", jwks_server->port, "/.well-known/jwks.json");
  const auto verifier = Start([&jwks_url] { return ServeVerifier(jwks_url); });
  const auto plain = Start([] { return ServeSmall(Guard::kNone, 0); });
  const auto guarded = Start([&verifier] { return ServeSmall(Guard::kInterceptor, verifier->port); });

  const std::vector<std::string> warm = TokensOf(key, 100, -1);
  Measure(*plain, warm, kCalls / 4);
  Measure(*guarded, warm, kCalls / 4);
  // What was measured in each round, by its name in the output.
  std::map<std::string, std::vector<double>> measured;
  const auto note = [&measured](const std::string& name, const Measured& load) {
    measured[name + "_cpu_us"].push_back(load.cpu_micros);
    measured[name + "_p50_us"].push_back(load.p50);
    measured[name + "_p99_us"].push_back(load.p99);
  };
  for (int round = 0; round < kRounds; ++round) {
    const Measured without = Measure(*plain, warm, kCalls);
    const Measured with = Measure(*guarded, warm, kCalls);
    const std::vector<std::string> fresh = TokensOf(key, 2 * kFresh, round);
    measured["warm_ratio"].push_back(with.cpu_micros / without.cpu_micros);
    note("plain", without);
    note("warm", with);
    note("cold", Measure(*guarded, {fresh.begin(), fresh.begin() + kFresh}, kFresh));
    note("paced_plain", Measure(*plain, warm, kFresh, kInterval));
    note("paced_cold", Measure(*guarded, {fresh.begin() + kFresh, fresh.end()}, kFresh, kInterval));
    std::fprintf(stderr, "   round %d of %d: %.1f and %.1f us of CPU a call\n", round + 1, kRounds, without.cpu_micros,
                 with.cpu_micros);
  }
  const char* separator = "{";
  for (const auto& [name, values] : measured) {
    std::printf(R"(%s"%s":%.3f)", separator, name.c_str(), Median(values));
    separator = ",";
  }
  std::printf("}\n");
}
