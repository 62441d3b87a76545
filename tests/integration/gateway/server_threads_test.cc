// Handlers that answer on threads of their own. What this is for, ThreadSanitizer sees: build it with the preset
// `tsan`.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "common/core/mutex.h"
#include "common/http/server.h"
#include "tests/support/gateway/raw_http_client.h"

namespace http {
namespace {

using gateway_testing::RawHttpClient;

constexpr char kLastGet[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

// Keeps each stream for the test, which may be on any thread; answers a POST on a thread of its own.
class ElsewhereHandler : public Handler {
 public:
  ~ElsewhereHandler() override {
    for (std::thread& thread : threads_) thread.join();
  }

  void Handle(Request request, Responder responder) override {
    common::MutexLock lock(mutex_);
    if (request.head.method == "POST") {
      threads_.emplace_back([responder = std::move(responder), body = std::move(request.body)]() mutable {
        Response response;
        response.body = std::move(body);
        responder.Send(std::move(response));
      });
      return;
    }
    streams_.push_back(responder.BeginStream(StreamOptions()));
    changed_.NotifyAll();
  }

  Response Refuse(const RequestHead*, const Refusal& refusal) override { return Response(refusal.status); }

  std::unique_ptr<Stream> Take() {
    common::MutexLock lock(mutex_);
    while (streams_.empty()) changed_.Wait(mutex_);
    std::unique_ptr<Stream> stream = std::move(streams_.back());
    streams_.pop_back();
    return stream;
  }

 private:
  common::Mutex mutex_;
  common::CondVar changed_;
  std::vector<std::unique_ptr<Stream>> streams_ GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

class ServerThreads : public testing::Test {
 protected:
  ServerThreads() {
    ServerOptions options;
    options.threads = 2;
    server_ = *Server::Start(options, handler_);
  }

  ElsewhereHandler handler_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerThreads, AStreamMayOutliveItsConnection) {
  for (int i = 0; i < 50; ++i) {
    RawHttpClient client(server_->port());
    client.Send(kLastGet);
    std::unique_ptr<Stream> stream = handler_.Take();
    stream->End("x");
    EXPECT_EQ(client.Read()->body, "x");
    EXPECT_TRUE(client.ClosedByServer());
    // Nobody but the stream knows of the connection now.
    stream.reset();
  }
}

TEST_F(ServerThreads, AnswersMayComeFromManyThreads) {
  std::vector<std::thread> clients;
  for (int c = 0; c < 4; ++c) {
    clients.emplace_back([this] {
      RawHttpClient client(server_->port());
      for (int i = 0; i < 25; ++i) {
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        EXPECT_EQ(client.Read()->body, "hi");
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

TEST_F(ServerThreads, ADrainMayComeAtAnyTime) {
  std::vector<std::unique_ptr<RawHttpClient>> clients;
  std::vector<std::unique_ptr<Stream>> streams;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawHttpClient>(server_->port()));
    clients.back()->Send(kLastGet);
    streams.push_back(handler_.Take());
  }
  std::thread writer([&streams] {
    for (const auto& stream : streams) {
      stream->Write("x", [] {});
      stream->End("y");
    }
    streams.clear();
  });
  server_->Drain(absl::Seconds(5));
  writer.join();
  for (const auto& client : clients) EXPECT_EQ(client->Read()->body, "xy");
}

}  // namespace
}  // namespace http
