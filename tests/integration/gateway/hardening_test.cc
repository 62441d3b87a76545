// Clients that mean harm, or are merely many: others are served meanwhile, and memory comes back.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/integration/gateway/conformance_fixture.h"

namespace gateway {
namespace {

using gateway_testing::Fetch;
using gateway_testing::GatewayProcess;
using gateway_testing::RawHttpClient;
using std::chrono::steady_clock;

constexpr size_t kMany = 1000;
constexpr char kBook[] = "/v1/shelves/s/books/b";

class Hardening : public Conformance {
 protected:
  static void SetUpTestSuite() {
    Conformance::SetUpTestSuite();
    rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }

  // A gateway of the test's own. `shell` is what a shell does before it.
  void Start(const std::string& environment, const std::string& shell = "") {
    const auto upstream = [](const char* service, int port) {
      return std::string(" --upstream=gateway_testing.v1.") + service + "=127.0.0.1:" + std::to_string(port);
    };
    const std::string command = shell + "exec env " + environment +
                                " " HTTP_GATEWAY " --descriptor_set=" + gateway_testing::DescriptorSetPath() +
                                upstream("ShelfService", world_->shelf_server->port()) +
                                upstream("FeatureService", world_->feature_server->port());
    gateway_ = std::make_unique<GatewayProcess>("/bin/sh", std::vector<std::string>{"-c", command},
                                                std::vector<std::string>{"PATH=/usr/bin:/bin"});
    ASSERT_NE(gateway_->port(), 0) << gateway_->log();
  }

  // Everybody comes from one address here: as a trusted proxy it has no cap of its own.
  void StartForMany() { Start("TRUSTED_PROXIES=127.0.0.1"); }

  std::vector<std::unique_ptr<RawHttpClient>> Connect(size_t count) {
    std::vector<std::unique_ptr<RawHttpClient>> clients;
    for (size_t i = 0; i < count; ++i) clients.push_back(std::make_unique<RawHttpClient>(gateway_->port()));
    return clients;
  }

  // Another client's requests, one after the other, and how long the slowest took.
  std::chrono::milliseconds SlowestOf(int count) {
    steady_clock::duration slowest{};
    for (int i = 0; i < count; ++i) {
      const auto start = steady_clock::now();
      EXPECT_EQ(Fetch(gateway_->port(), "GET", kBook).status, 200);
      slowest = std::max(slowest, steady_clock::now() - start);
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(slowest);
  }

  // Resident memory in kB.
  long Memory() const {
    std::ifstream status("/proc/" + std::to_string(gateway_->pid()) + "/status");
    std::string word;
    while (status >> word) {
      if (word == "VmRSS:") break;
    }
    long kilobytes = 0;
    status >> kilobytes;
    return kilobytes;
  }

  // User and system time so far, in clock ticks.
  long Ticks() const {
    std::ifstream stat("/proc/" + std::to_string(gateway_->pid()) + "/stat");
    std::string word;
    long user = 0;
    long system = 0;
    for (int i = 0; i < 13; ++i) stat >> word;
    stat >> user >> system;
    return user + system;
  }

  bool MemoryReturnsTo(long kilobytes) const {
    const auto deadline = steady_clock::now() + std::chrono::seconds(15);
    while (steady_clock::now() < deadline) {
      if (Memory() <= kilobytes) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  std::unique_ptr<GatewayProcess> gateway_;
};

constexpr long kSlack = 24 * 1024;
constexpr std::chrono::milliseconds kPatience(2000);

TEST_F(Hardening, SlowHeadsHoldNobodyUp) {
  StartForMany();
  SlowestOf(10);
  const long before = Memory();
  {
    auto clients = Connect(kMany);
    for (const auto& client : clients) client->Send("GET /v1/shelves/s/books/b HTTP/1.1\r\nHost: a\r\nX-A: ");
    for (const auto& client : clients) client->Send("b");
    EXPECT_LT(SlowestOf(20), kPatience);
  }
  EXPECT_TRUE(MemoryReturnsTo(before + kSlack)) << before << " " << Memory();
}

TEST_F(Hardening, SlowBodiesHoldNobodyUp) {
  StartForMany();
  SlowestOf(10);
  const long before = Memory();
  {
    auto clients = Connect(kMany);
    for (const auto& client : clients) {
      client->Send("PUT /f/notes/n HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n{\"text\":\"");
    }
    for (const auto& client : clients) client->Send("xxxxxxxx");
    EXPECT_LT(SlowestOf(20), kPatience);
    // What a client announces is not set aside for it.
    EXPECT_LT(Memory(), before + 128 * 1024);
  }
  EXPECT_TRUE(MemoryReturnsTo(before + kSlack)) << before << " " << Memory();
}

TEST_F(Hardening, SlowReadersHoldNobodyUp) {
  StartForMany();
  SlowestOf(10);
  const long before = Memory();
  {
    // Each asks for 64 MB in a stream and takes none of it.
    auto clients = Connect(kMany);
    for (const auto& client : clients) {
      client->Send("GET /f/watch?count=1000&padding=65536 HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    EXPECT_LT(SlowestOf(20), kPatience);
    EXPECT_LT(Memory(), before + 1024 * 1024);
  }
  EXPECT_TRUE(world_->features.AwaitWatching(0));
  // The allocator keeps some of what was in use; it does not grow with the next attack.
  const long after = Memory();
  {
    auto clients = Connect(kMany);
    for (const auto& client : clients) {
      client->Send("GET /f/watch?count=1000&padding=65536 HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    EXPECT_LT(SlowestOf(20), kPatience);
  }
  EXPECT_TRUE(world_->features.AwaitWatching(0));
  EXPECT_TRUE(MemoryReturnsTo(after + 128 * 1024)) << before << " " << after << " " << Memory();
}

TEST_F(Hardening, AThousandStreamsHold) {
  StartForMany();
  auto clients = Connect(kMany);
  for (const auto& client : clients) {
    client->Send("GET /f/watch?count=1&stays=true HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
  }
  for (const auto& client : clients) {
    ASSERT_TRUE(client->ReadHead());
    EXPECT_EQ(client->ReadChunk(), "id: 1\ndata: {\"id\":\"1\"}\n\n");
  }
  EXPECT_TRUE(world_->features.AwaitWatching(kMany));
  EXPECT_LT(SlowestOf(20), kPatience);
  clients.clear();
  const auto start = steady_clock::now();
  EXPECT_TRUE(world_->features.AwaitWatching(0));
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(5));
}

TEST_F(Hardening, AFloodFromOneAddressIsCapped) {
  Start("DEBUG=false");
  auto flood = Connect(200);
  size_t closed = 0;
  for (const auto& client : flood) client->Send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
  for (const auto& client : flood) closed += client->Read() ? 0 : 1;
  EXPECT_EQ(closed, 200u - 64u);
  flood.clear();
  // It learns in its own time that they have gone.
  const auto deadline = steady_clock::now() + std::chrono::seconds(10);
  while (Fetch(gateway_->port(), "GET", kBook).status != 200 && steady_clock::now() < deadline) {
  }
  EXPECT_LT(SlowestOf(10), kPatience);
}

TEST_F(Hardening, OutOfFileDescriptorsItWaitsAndRecovers) {
  Start("TRUSTED_PROXIES=127.0.0.1", "ulimit -n 64; ");
  {
    auto clients = Connect(150);
    for (const auto& client : clients) client->Send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    const long before = Ticks();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    EXPECT_LT(Ticks() - before, 50) << "it spins";
  }
  const auto deadline = steady_clock::now() + std::chrono::seconds(10);
  while (Fetch(gateway_->port(), "GET", "/health").status != 200 && steady_clock::now() < deadline) {
  }
  EXPECT_EQ(Fetch(gateway_->port(), "GET", kBook).status, 200);
}

TEST_F(Hardening, LongAndDeepInputIsAnsweredAtOnce) {
  StartForMany();
  const auto start = steady_clock::now();
  const auto status = [this](const std::string& target) { return Fetch(gateway_->port(), "GET", target).status; };
  EXPECT_EQ(status(std::string(64000, '/')), 414);
  EXPECT_EQ(status(std::string(8000, '/')), 404);
  EXPECT_EQ(status("/v1/library/l/books" + std::string(8000, '/')), 200);
  std::string parameters = "/f/kinds?";
  for (int i = 0; i < 10000; ++i) parameters += "int32s=1&";
  EXPECT_EQ(status(parameters), 414);
  EXPECT_EQ(status("/f/kinds?" + std::string(8000, '&')), 200);
  std::string escapes = "/v1/shelves/s/books/";
  for (int i = 0; i < 2500; ++i) escapes += "%41";
  EXPECT_EQ(status(escapes), 200);
  std::string segments;
  for (int i = 0; i < 1600; ++i) segments += "/%41a";
  EXPECT_EQ(status("/v1/library/l/books" + segments), 200);
  const auto post = [this](const std::string& body) {
    return Fetch(gateway_->port(), "POST", "/f/kinds", body).status;
  };
  EXPECT_EQ(post(std::string(60000, '[')), 400);
  EXPECT_EQ(post("{\"value\":" + std::string(60000, '[')), 400);
  std::string names = "{\"labels\":{";
  for (int i = 0; i < 5000; ++i) names += "\"" + std::to_string(i) + "\":\"\",";
  EXPECT_EQ(post(names + "\"x\":\"\"}}"), 200);
  std::string numbers = "{\"doubles\":[0";
  while (numbers.size() < 60000) numbers += ",1e-300000";
  post(numbers + "]}");
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_LT(SlowestOf(5), kPatience);
}

}  // namespace
}  // namespace gateway
