// Answers without a known end, and how the server sends what a client takes slowly.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "common/core/mutex.h"
#include "common/http/server.h"
#include "tests/support/gateway/raw_http_client.h"

namespace http {
namespace {

using gateway_testing::RawHttpClient;

constexpr char kGet[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

// Begins a stream for each request and keeps it for the test; echoes the body of a POST.
class StreamHandler : public Handler {
 public:
  void Handle(Request request, Responder responder) override {
    if (request.head.method == "POST") {
      Response response;
      response.body = request.body;
      return responder.Send(std::move(response));
    }
    responder.OnClientGone([this] {
      common::MutexLock lock(mutex_);
      ++gone_;
      changed_.NotifyAll();
    });
    std::unique_ptr<Stream> stream = responder.BeginStream(options);
    if (!stream) return responder.Send(Response(503));
    common::MutexLock lock(mutex_);
    streams_.push_back(std::move(stream));
    ++begun_;
    changed_.NotifyAll();
  }

  Response Refuse(const RequestHead*, const Refusal& refusal) override { return Response(refusal.status); }

  // The stream begun last; waits for it.
  std::unique_ptr<Stream> Take(int number = 1) {
    common::MutexLock lock(mutex_);
    while (begun_ < number) changed_.Wait(mutex_);
    std::unique_ptr<Stream> stream = std::move(streams_.back());
    streams_.pop_back();
    return stream;
  }

  bool AwaitGone(int count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    common::MutexLock lock(mutex_);
    while (gone_ < count) {
      if (!changed_.WaitUntil(mutex_, deadline)) return false;
    }
    return true;
  }

  void DropAll() {
    common::MutexLock lock(mutex_);
    streams_.clear();
  }

  StreamOptions options;

 private:
  common::Mutex mutex_;
  common::CondVar changed_;
  std::vector<std::unique_ptr<Stream>> streams_ GUARDED_BY(mutex_);
  int begun_ GUARDED_BY(mutex_) = 0;
  int gone_ GUARDED_BY(mutex_) = 0;
};

class ServerStream : public testing::Test {
 protected:
  ServerStream() {
    handler_.options.head = Response(200);
    handler_.options.head.AddHeader("Content-Type", "text/plain");
  }
  ~ServerStream() override { handler_.DropAll(); }

  void Start(const std::function<void(Limits&)>& change = [](Limits&) {}) {
    ServerOptions options;
    options.threads = 2;
    change(options.limits);
    server_ = *Server::Start(options, handler_);
  }

  static void Nothing() {}

  StreamHandler handler_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerStream, SendsEachPieceAsItComes) {
  Start();
  RawHttpClient client(server_->port());
  client.Send(kGet);
  const auto stream = handler_.Take();
  stream->Write("one", Nothing);
  const auto head = client.ReadHead();
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(head->headers.count("content-length"), 0u);
  EXPECT_EQ(client.ReadChunk(), "one");
  stream->Write("two", Nothing);
  EXPECT_EQ(client.ReadChunk(), "two");
  stream->End("three");
  EXPECT_EQ(client.ReadChunk(), "three");
  EXPECT_EQ(client.ReadChunk(), "");
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(client.Read()->body, "hi");
}

TEST_F(ServerStream, AnswersAStatusWhereItFailsBeforeItsFirstBytes) {
  Start();
  RawHttpClient client(server_->port());
  client.Send(kGet);
  handler_.Take()->Fail(Response(403), "too late");
  EXPECT_EQ(client.Read()->status, 403);
  client.Send(kGet);
  const auto stream = handler_.Take(2);
  stream->Write("one", Nothing);
  stream->Fail(Response(403), "last");
  EXPECT_EQ(client.Read()->body, "onelast");
}

TEST_F(ServerStream, CutsOffWhatEndsWithoutAnEnd) {
  Start();
  RawHttpClient client(server_->port());
  client.Send(kGet);
  {
    const auto stream = handler_.Take();
    stream->Write("one", Nothing);
    EXPECT_TRUE(client.ReadHead());
    EXPECT_EQ(client.ReadChunk(), "one");
  }
  EXPECT_EQ(client.ReadChunk(), std::nullopt);
}

TEST_F(ServerStream, SendsWhatWasWrittenBeforeItCutsOff) {
  Start();
  RawHttpClient client(server_->port());
  client.Send(kGet);
  const auto stream = handler_.Take();
  const std::string large(8 << 20, 'x');
  stream->Write(large, Nothing);
  stream->FailOrCut(Response(403));
  EXPECT_EQ(client.ReadHead()->status, 200);
  EXPECT_EQ(client.ReadChunk(), large);
  EXPECT_EQ(client.ReadChunk(), std::nullopt);
}

TEST_F(ServerStream, SendsTheHeadOnceItHasWaitedLongEnough) {
  handler_.options.hold_head = absl::Milliseconds(100);
  Start();
  RawHttpClient client(server_->port());
  client.Send(kGet);
  const auto stream = handler_.Take();
  EXPECT_EQ(client.ReadHead()->status, 200);
  stream->End("");
  EXPECT_EQ(client.ReadChunk(), "");
}

TEST_F(ServerStream, BeatsWhileNothingElseIsSent) {
  handler_.options.heartbeat = "beat";
  handler_.options.heartbeat_interval = absl::Milliseconds(60);
  Start();
  RawHttpClient client(server_->port());
  client.Send(kGet);
  const auto stream = handler_.Take();
  stream->Write("one", Nothing);
  EXPECT_TRUE(client.ReadHead());
  EXPECT_EQ(client.ReadChunk(), "one");
  EXPECT_EQ(client.ReadChunk(), "beat");
  EXPECT_EQ(client.ReadChunk(), "beat");
}

TEST_F(ServerStream, AsksForNoMoreThanTheClientTakes) {
  Start();
  RawHttpClient client(server_->port());
  client.Send(kGet);
  const auto stream = handler_.Take();
  std::atomic<int> ready{0};
  int written = 0;
  const auto write = [&] { stream->Write(std::string(1 << 20, 'x'), [&ready] { ++ready; }); };
  // As many as the sockets' buffers take, and one more.
  while (ready == written && written < 64) {
    write();
    ++written;
    const auto patience = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
    while (ready < written && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
  }
  EXPECT_LT(written, 64);
  EXPECT_EQ(ready, written - 1);
  EXPECT_TRUE(client.ReadHead());
  for (int i = 0; i < written; ++i) EXPECT_EQ(client.ReadChunk()->size(), size_t{1} << 20);
  while (ready < written) std::this_thread::yield();
  stream->End("");
}

TEST_F(ServerStream, TellsThatTheClientIsGone) {
  Start();
  RawHttpClient client(server_->port());
  client.Send(kGet);
  const auto stream = handler_.Take();
  stream->Write("one", Nothing);
  EXPECT_TRUE(client.ReadHead());
  client.Close();
  EXPECT_TRUE(handler_.AwaitGone(1));
  stream->Write("two", Nothing);
}

TEST_F(ServerStream, CutsOffAClientThatTakesNothing) {
  Start([](Limits& limits) { limits.write_stall = absl::Milliseconds(150); });
  RawHttpClient client(server_->port());
  client.Send(kGet);
  const auto stream = handler_.Take();
  stream->Write(std::string(64 << 20, 'x'), Nothing);
  EXPECT_TRUE(handler_.AwaitGone(1));
}

TEST_F(ServerStream, AreLimitedApartFromWhatIsInFlight) {
  Start([](Limits& limits) {
    limits.streams = 1;
    limits.in_flight = 1;
  });
  RawHttpClient first(server_->port());
  first.Send(kGet);
  const auto stream = handler_.Take();
  EXPECT_EQ(server_->streams(), 1u);
  RawHttpClient second(server_->port());
  second.Send(kGet);
  EXPECT_EQ(second.Read()->status, 503);
  second.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(second.Read()->body, "hi");
  stream->End("x");
  EXPECT_EQ(first.Read()->body, "x");
  second.Send(kGet);
  handler_.Take(2)->End("y");
  EXPECT_EQ(second.Read()->body, "y");
  EXPECT_EQ(server_->streams(), 0u);
}

TEST_F(ServerStream, EndsWithTheConnectionInHttp10) {
  Start();
  RawHttpClient client(server_->port());
  client.Send("GET / HTTP/1.0\r\n\r\n");
  const auto stream = handler_.Take();
  stream->Write("one", Nothing);
  stream->End("two");
  const auto head = client.ReadHead();
  EXPECT_EQ(head->headers.count("transfer-encoding"), 0u);
  EXPECT_EQ(head->headers.at("connection"), "close");
  EXPECT_EQ(client.ReadToEnd(), "onetwo");
}

TEST_F(ServerStream, HeadGetsTheHeadAlone) {
  Start();
  RawHttpClient client(server_->port());
  client.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto stream = handler_.Take();
  stream->Write("one", Nothing);
  EXPECT_EQ(client.ReadHead()->status, 200);
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(handler_.AwaitGone(1));
}

TEST_F(ServerStream, AnswersThatAreTakenSlowlyArriveWhole) {
  Start([](Limits& limits) {
    limits.write_stall = absl::Seconds(2);
    limits.body = 32 << 20;
  });
  const std::string body(24 << 20, 'x');
  RawHttpClient client(server_->port());
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  client.Send(body);
  ASSERT_TRUE(client.ReadHead());
  // Ten pauses, each shorter than the stall, together much longer.
  size_t taken = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    taken += client.ReadBytes(2 << 20).size();
  }
  EXPECT_GT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(2400));
  EXPECT_EQ(taken + client.ReadBytes(body.size() - taken).size(), body.size());
}

// A third of what the kernel would hold by itself takes this client half a minute.
TEST_F(ServerStream, WhoTakesLittleAtATimeIsNotTakenForOneWhoTakesNothing) {
  Start([](Limits& limits) {
    limits.write_stall = absl::Seconds(2);
    limits.body = 32 << 20;
  });
  const std::string body(24 << 20, 'x');
  RawHttpClient client(server_->port(), /*receive_buffer=*/32 * 1024);
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  client.Send(body);
  ASSERT_TRUE(client.ReadHead());
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    ASSERT_EQ(client.ReadBytes(16 * 1024).size(), 16u * 1024);
  }
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(ServerStream, WhoTakesNothingIsCutOffSoonWhereMemoryIsShort) {
  Start([](Limits& limits) {
    limits.unsent = 8 << 20;
    limits.short_stall = absl::Seconds(2);
    limits.body = 32 << 20;
  });
  const std::string body(24 << 20, 'x');
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  RawHttpClient idle(server_->port());
  idle.Send(post + body);
  RawHttpClient slow(server_->port());
  slow.Send(post + body);
  ASSERT_TRUE(slow.ReadHead());
  // Who takes a little now and then gets all of it.
  size_t taken = 0;
  while (taken < body.size()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const size_t size = slow.ReadBytes(std::min<size_t>(1 << 20, body.size() - taken)).size();
    ASSERT_GT(size, 0u);
    taken += size;
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  while (server_->connections() > 1 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(ServerStream, ARefusalWaitsBehindTheContinue) {
  Start();
  RawHttpClient client(server_->port());
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Read()->status, 100);
  client.Send("zz\r\n");
  EXPECT_EQ(client.Read()->status, 400);
  EXPECT_TRUE(client.ClosedByServer());
}

}  // namespace
}  // namespace http
