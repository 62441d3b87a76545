// The limits of common/http's server, with limits short enough to wait for.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "common/core/mutex.h"
#include "common/http/server.h"
#include "common/http/server_counts.h"
#include "tests/support/gateway/raw_http_client.h"

namespace http {
namespace {

using gateway_testing::HttpAnswer;
using gateway_testing::RawHttpClient;

constexpr char kGet[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

// Echoes the body, or the peer to what asks for `/peer`; keeps what asks for `/wait` until Release(), and drops what
// asks for `/drop`.
class EchoHandler : public Handler {
 public:
  void Handle(Request request, Responder responder) override {
    if (request.head.path == "/drop") return;
    if (request.head.path == "/wait") {
      common::MutexLock lock(mutex_);
      waiting_.push_back(std::move(responder));
      changed_.NotifyAll();
      return;
    }
    Response response;
    response.body = request.head.path == "/peer" ? request.peer : request.body;
    responder.Send(std::move(response));
  }

  Response Refuse(const RequestHead*, const Refusal& refusal) override {
    Response response(refusal.status);
    response.body = std::string(refusal.detail);
    return response;
  }

  bool AwaitWaiting(size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    common::MutexLock lock(mutex_);
    while (waiting_.size() < count) {
      if (!changed_.WaitUntil(mutex_, deadline)) return false;
    }
    return true;
  }

  void Release() {
    std::vector<Responder> waiting;
    {
      common::MutexLock lock(mutex_);
      waiting.swap(waiting_);
    }
    for (Responder& responder : waiting) responder.Send(Response(200));
  }

 private:
  common::Mutex mutex_;
  common::CondVar changed_;
  std::vector<Responder> waiting_ GUARDED_BY(mutex_);
};

class ServerLimits : public testing::Test {
 protected:
  void Start(const std::function<void(Limits&)>& change, ServerOptions options = {}) {
    if (options.threads == 0) options.threads = 2;
    change(options.limits);
    server_ = *Server::Start(options, handler_);
  }
  // A server before which there is a proxy, on this machine, that says where its requests come from.
  void StartBehindProxy() {
    ServerOptions options;
    options.trusted_peers = *AddressSet::Create({"127.0.0.1"});
    Start([](Limits& limits) { limits.connections_per_client = 1; }, options);
  }
  ~ServerLimits() override { handler_.Release(); }

  EchoHandler handler_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerLimits, AHeadThatStopsIs408) {
  Start([](Limits& limits) { limits.read_head = absl::Milliseconds(100); });
  RawHttpClient client(server_->port());
  client.Send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(client.Read()->status, 408);
  EXPECT_TRUE(client.ClosedByServer());
}

// Sends a byte now and then until something comes back; for longer than any limit of these tests.
bool TrickleUntilAnswered(RawHttpClient& client) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (std::chrono::steady_clock::now() < end) {
    client.Send("a");
    if (client.IsReadable(/*milliseconds=*/10)) return true;
  }
  return false;
}

TEST_F(ServerLimits, TheTimeOfAHeadCountsFromItsFirstByte) {
  Start([](Limits& limits) { limits.read_head = absl::Milliseconds(200); });
  RawHttpClient client(server_->port());
  client.Send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  ASSERT_TRUE(TrickleUntilAnswered(client));
  EXPECT_EQ(client.Read()->status, 408);
}

TEST_F(ServerLimits, TheTimeOfABodyCountsFromItsFirstByte) {
  Start([](Limits& limits) { limits.read_body = absl::Milliseconds(200); });
  for (const char* framing : {"Content-Length: 10000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2000\r\n"}) {
    RawHttpClient client(server_->port());
    client.Send(std::string("POST / HTTP/1.1\r\nHost: a\r\n") + framing);
    ASSERT_TRUE(TrickleUntilAnswered(client)) << framing;
    EXPECT_EQ(client.Read()->status, 408) << framing;
  }
}

TEST_F(ServerLimits, ASilentConnectionIsClosed) {
  Start([](Limits& limits) { limits.read_head = absl::Milliseconds(100); });
  RawHttpClient client(server_->port());
  EXPECT_TRUE(client.ClosedByServer());
}

TEST_F(ServerLimits, ABodyThatDoesNotComeIs408) {
  Start([](Limits& limits) { limits.read_body = absl::Milliseconds(100); });
  RawHttpClient client(server_->port());
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(client.Read()->status, 408);
  EXPECT_TRUE(client.ClosedByServer());
}

TEST_F(ServerLimits, AnIdleConnectionIsClosed) {
  Start([](Limits& limits) { limits.idle = absl::Milliseconds(100); });
  RawHttpClient client(server_->port());
  client.Send(kGet);
  EXPECT_EQ(client.Read()->status, 200);
  EXPECT_TRUE(client.ClosedByServer());
}

TEST_F(ServerLimits, AClientThatDoesNotReadIsCutOff) {
  Start([](Limits& limits) {
    limits.write_stall = absl::Milliseconds(100);
    limits.body = 16 << 20;
  });
  RawHttpClient client(server_->port());
  const std::string body(16 << 20, 'x');  // more than the sockets' buffers hold
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  client.Send(body);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (server_->connections() > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(ServerLimits, TooManyInFlightAre503) {
  Start([](Limits& limits) { limits.in_flight = 1; });
  RawHttpClient first(server_->port());
  first.Send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(handler_.AwaitWaiting(1));
  RawHttpClient second(server_->port());
  second.Send(kGet);
  EXPECT_EQ(second.Read()->status, 503);
  handler_.Release();
  EXPECT_EQ(first.Read()->status, 200);
  second.Send(kGet);
  EXPECT_EQ(second.Read()->status, 200);
}

TEST_F(ServerLimits, TooManyConnectionsOfOneClientAreClosed) {
  Start([](Limits& limits) { limits.connections_per_client = 2; });
  RawHttpClient first(server_->port());
  RawHttpClient second(server_->port());
  first.Send(kGet);
  second.Send(kGet);
  EXPECT_TRUE(first.Read());
  EXPECT_TRUE(second.Read());
  RawHttpClient third(server_->port());
  EXPECT_TRUE(third.ClosedByServer());
}

TEST_F(ServerLimits, ConnectionsBeyondTheLimitWait) {
  // With more threads each may take one that it waited for already.
  ServerOptions options;
  options.threads = 1;
  Start([](Limits& limits) { limits.connections = 1; }, options);
  RawHttpClient first(server_->port());
  first.Send(kGet);
  EXPECT_TRUE(first.Read());
  RawHttpClient second(server_->port());
  second.Send(kGet);
  // The thread that would have to accept the second goes round with each of these.
  for (int i = 0; i < 20; ++i) {
    first.Send(kGet);
    EXPECT_EQ(first.Read()->status, 200);
  }
  EXPECT_EQ(server_->connections(), 1u);
  EXPECT_FALSE(second.IsReadable(/*milliseconds=*/0));
  first.Close();
  EXPECT_EQ(second.Read()->status, 200);
}

std::string From(const std::string& forwarded, const std::string& path = "/") {
  return "GET " + path + " HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + forwarded + "\r\n\r\n";
}

TEST_F(ServerLimits, OneClientBehindATrustedProxyIsCappedAndNoOther) {
  StartBehindProxy();
  RawHttpClient held(server_->port());
  held.Send(From("10.0.0.1", "/wait"));
  ASSERT_TRUE(handler_.AwaitWaiting(1));
  RawHttpClient proxy(server_->port());
  const auto status = [&proxy](const std::string& request) {
    proxy.Send(request);
    return proxy.Read().value_or(HttpAnswer()).status;
  };
  EXPECT_EQ(status(From("10.0.0.1")), 429);
  // What the client itself wrote is in front of what the proxy did.
  EXPECT_EQ(status(From("10.0.0.9, 10.0.0.1")), 429);
  EXPECT_EQ(status(From("10.0.0.1, 10.0.0.2")), 200);
  EXPECT_EQ(status(kGet), 200);
  EXPECT_EQ(server_->counts()->shed_client.value(), 2u);
  handler_.Release();
  EXPECT_EQ(held.Read()->status, 200);
  EXPECT_EQ(status(From("10.0.0.1")), 200);
}

TEST_F(ServerLimits, WhatAnUntrustedPeerSaysOfItsClientIsIgnored) {
  Start([](Limits& limits) { limits.connections_per_client = 2; });
  RawHttpClient held(server_->port());
  held.Send(From("10.0.0.1", "/wait"));
  ASSERT_TRUE(handler_.AwaitWaiting(1));
  RawHttpClient second(server_->port());
  second.Send(From("10.0.0.1"));
  EXPECT_EQ(second.Read()->status, 200);
  second.Send(From("10.0.0.2", "/peer"));
  EXPECT_EQ(second.Read()->body, "127.0.0.1");
  RawHttpClient third(server_->port());
  third.Send(From("10.0.0.3"));
  EXPECT_TRUE(third.ClosedByServer());
}

TEST_F(ServerLimits, ADroppedRequestIs500) {
  Start([](Limits&) {});
  RawHttpClient client(server_->port());
  client.Send("GET /drop HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Read()->status, 500);
}

TEST_F(ServerLimits, SaysContinueBeforeTheBody) {
  Start([](Limits&) {});
  RawHttpClient client(server_->port());
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Read()->status, 100);
  client.Send("ab");
  EXPECT_EQ(client.Read()->body, "ab");
}

TEST_F(ServerLimits, RefusesALargeBodyBeforeItIsSent) {
  Start([](Limits& limits) { limits.body = 10; });
  RawHttpClient client(server_->port());
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Read()->status, 413);
}

TEST_F(ServerLimits, TakesARequestByteByByte) {
  Start([](Limits&) {});
  RawHttpClient client(server_->port());
  const std::string request =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
  for (const char c : request) client.Send({&c, 1});
  EXPECT_EQ(client.Read()->body, "abc");
}

TEST_F(ServerLimits, PassesOverAnEmptyLineBeforeARequest) {
  Start([](Limits&) {});
  RawHttpClient client(server_->port());
  client.Send(std::string("\r\n") + kGet);
  EXPECT_EQ(client.Read()->status, 200);
}

}  // namespace
}  // namespace http
