#include <thread>

#include "tests/integration/gateway/gateway_fixture.h"

namespace gateway {
namespace {

class ServerLifecycle : public GatewayFixture {};

TEST_F(ServerLifecycle, NamesAPortInUse) {
  http::ServerOptions options;
  options.port = port();
  const auto second = http::Server::Start(options, *handler_);
  EXPECT_THAT(std::string(second.status().message()), testing::HasSubstr("127.0.0.1:" + std::to_string(port())));
}

TEST_F(ServerLifecycle, NamesAHostThatIsNone) {
  http::ServerOptions options;
  options.host = "no such host";
  EXPECT_FALSE(http::Server::Start(options, *handler_).ok());
}

TEST_F(ServerLifecycle, DrainClosesIdleConnectionsAndFinishesWhatIsUnderWay) {
  RawHttpClient idle(port());
  idle.Send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(idle.Read());
  RawHttpClient busy(port());
  busy.Send("GET /v1/hang HTTP/1.1\r\nHost: a\r\nGrpc-Timeout: 300m\r\n\r\n");
  ASSERT_TRUE(service_.AwaitHanging(1));
  const uint16_t old_port = port();
  server_->Drain(absl::Seconds(5));
  EXPECT_TRUE(idle.ClosedByServer());
  const auto answer = busy.Read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 504);
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_TRUE(busy.ClosedByServer());
  EXPECT_FALSE(RawHttpClient(old_port).connected());
}

TEST_F(ServerLifecycle, DrainCutsOffAfterItsGrace) {
  RawHttpClient busy(port());
  busy.Send("GET /v1/hang HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(service_.AwaitHanging(1));
  server_->Drain(absl::Milliseconds(50));
  EXPECT_TRUE(busy.ClosedByServer());
  EXPECT_TRUE(service_.AwaitCancelled(1));
}

TEST_F(ServerLifecycle, SaysCloseBeforeItDrains) {
  server_->AnnounceClose();
  RawHttpClient client(port());
  client.Send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Read()->headers.at("connection"), "close");
}

TEST_F(ServerLifecycle, KeepsManyConnectionsApart) {
  std::vector<std::thread> clients;
  std::atomic<int> wrong{0};
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      RawHttpClient client(port());
      for (int i = 0; i < 100; ++i) {
        const std::string book = std::to_string(c) + "-" + std::to_string(i);
        client.Send("GET /v1/shelves/s/books/" + book + " HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto answer = client.Read();
        if (!answer || answer->body.find("\"book\":\"" + book + "\"") == std::string::npos) ++wrong;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace gateway
