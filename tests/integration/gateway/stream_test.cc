// Server streaming from a real gRPC server to a real socket.
#include <chrono>

#include "tests/integration/gateway/gateway_fixture.h"

namespace gateway {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Streams : public GatewayFixture {
 protected:
  static std::string Get(const std::string& target, const std::string& headers = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
  }
};

constexpr char kEvents[] = "Accept: text/event-stream\r\n";
constexpr char kLines[] = "Accept: application/x-ndjson\r\n";
constexpr char kArray[] = "Accept: application/json\r\n";

TEST_F(Streams, AreLinesUnlessTheClientWantsOtherwise) {
  for (const char* accept : {"", kLines, "Accept: */*\r\n", "Accept: application/jsonl\r\n"}) {
    const HttpAnswer answer = Fetch(port(), "GET", "/f/watch?count=2", "", accept);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("content-type"), "application/x-ndjson");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.body, "{\"result\":{\"id\":\"1\"}}\n{\"result\":{\"id\":\"2\"}}\n");
  }
}

TEST_F(Streams, AreEventsWithIds) {
  const HttpAnswer answer = Fetch(port(), "GET", "/f/watch?count=2", "", kEvents);
  EXPECT_EQ(answer.headers.at("content-type"), "text/event-stream");
  EXPECT_EQ(answer.body, "id: 1\ndata: {\"id\":\"1\"}\n\nid: 2\ndata: {\"id\":\"2\"}\n\n");
}

TEST_F(Streams, AreOneArray) {
  EXPECT_EQ(Fetch(port(), "GET", "/f/watch?count=2", "", kArray).body, R"([{"id":"1"},{"id":"2"}])");
  EXPECT_EQ(Fetch(port(), "GET", "/f/watch?count=0", "", kArray).body, "[]");
}

TEST_F(Streams, GoOnBehindTheLastEvent) {
  EXPECT_EQ(Fetch(port(), "GET", "/f/watch?count=3", "", "Accept: text/event-stream\r\nLast-Event-ID: 2\r\n").body,
            "id: 3\ndata: {\"id\":\"3\"}\n\n");
  EXPECT_EQ(Fetch(port(), "GET", "/f/watch?count=3&after=2", "", kLines).body, "{\"result\":{\"id\":\"3\"}}\n");
  EXPECT_EQ(Fetch(port(), "GET", "/f/watch", "", "Last-Event-ID: a b\r\n").status, 400);
}

TEST_F(Streams, RefuseAnAcceptThatNoneOfThemIs) {
  EXPECT_EQ(Fetch(port(), "GET", "/f/watch", "", "Accept: text/html\r\n").status, 406);
}

TEST_F(Streams, AnswerTheStatusOfAFailureBeforeTheFirstMessage) {
  for (const char* accept : {kLines, kEvents, kArray}) {
    for (const char* greets : {"", "&greets=true"}) {
      const HttpAnswer answer = Fetch(port(), "GET", std::string("/f/watch?status_code=7") + greets, "", accept);
      EXPECT_EQ(answer.status, 403) << accept << greets;
      EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    }
  }
}

TEST_F(Streams, TellAFailureBehindTheFirstMessage) {
  const HttpAnswer lines = Fetch(port(), "GET", "/f/watch?count=1&status_code=16", "", kLines);
  EXPECT_EQ(lines.status, 200);
  EXPECT_THAT(lines.body, StartsWith("{\"result\":{\"id\":\"1\"}}\n{\"error\":{\"type\":\"about:blank\""));
  EXPECT_THAT(lines.body, HasSubstr("\"status\":401"));
  const HttpAnswer events = Fetch(port(), "GET", "/f/watch?count=1&status_code=16", "", kEvents);
  EXPECT_THAT(events.body, HasSubstr("\n\nevent: error\ndata: {"));
}

TEST_F(Streams, CutOffAnArrayThatFails) {
  RawHttpClient client(port());
  client.Send(Get("/f/watch?count=1&status_code=16", kArray));
  EXPECT_EQ(client.ReadHead()->status, 200);
  EXPECT_EQ(client.ReadChunk(), "[{\"id\":\"1\"}");
  EXPECT_EQ(client.ReadChunk(), std::nullopt);
}

TEST_F(Streams, SendTheHeadOnceTheUpstreamHasTakenTheCall) {
  RawHttpClient client(port());
  client.Send(Get("/f/watch?stays=true&greets=true", kEvents));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(client.ReadHead()->status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST_F(Streams, CancelTheCallWithinASecondOfTheClientsGoing) {
  RawHttpClient client(port());
  client.Send(Get("/f/watch?count=1&stays=true", kEvents));
  EXPECT_TRUE(client.ReadHead());
  ASSERT_TRUE(feature_service_.AwaitWatching(1));
  client.Close();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(feature_service_.AwaitWatching(0));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST_F(Streams, AskTheUpstreamForNoMoreThanTheClientTakes) {
  RawHttpClient client(port());
  client.Send(Get("/f/watch?count=100000&padding=100000", kLines));
  ASSERT_TRUE(feature_service_.AwaitWatching(1));
  EXPECT_TRUE(client.ReadHead());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(client.ReadChunk());
  // 10 GB are not on their way: the call waits.
  client.Close();
  EXPECT_TRUE(feature_service_.AwaitWatching(0));
}

TEST_F(Streams, GoOnWhereTheUpstreamComesBack) {
  const std::string address = "127.0.0.1:" + std::to_string(features_->port());
  RawHttpClient client(port());
  client.Send(Get("/f/watch?count=2&stays=true", kEvents));
  EXPECT_TRUE(client.ReadHead());
  EXPECT_EQ(client.ReadChunk(), "id: 1\ndata: {\"id\":\"1\"}\n\n");
  EXPECT_EQ(client.ReadChunk(), "id: 2\ndata: {\"id\":\"2\"}\n\n");
  // The service ends the call as one that goes away does; it is asked again for what is behind event 2.
  feature_service_.EndWatching(grpc::Status(grpc::StatusCode::UNAVAILABLE, "going away"), /*next_count=*/4);
  EXPECT_EQ(client.ReadChunk(), "id: 3\ndata: {\"id\":\"3\"}\n\n");
  EXPECT_EQ(client.ReadChunk(), "id: 4\ndata: {\"id\":\"4\"}\n\n");
}

TEST_F(Streams, GoOnBehindWhatTheClientBeganWith) {
  RawHttpClient client(port());
  client.Send(Get("/f/watch?count=2&stays=true", "Accept: text/event-stream\r\nLast-Event-ID: 2\r\n"));
  ASSERT_TRUE(feature_service_.AwaitWatching(1));
  feature_service_.EndWatching(grpc::Status(grpc::StatusCode::UNAVAILABLE, "going away"), /*next_count=*/4);
  EXPECT_EQ(client.ReadHead()->status, 200);
  EXPECT_EQ(client.ReadChunk(), "id: 3\ndata: {\"id\":\"3\"}\n\n");
}

// A server that ends its connections when they are old (GOAWAY, and a reset of what is left) behind the same address.
TEST_F(Streams, OutliveTheConnectionsOfTheirUpstream) {
  const std::string address = "127.0.0.1:" + std::to_string(features_->port());
  features_.reset();
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 300);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 100);
  builder.RegisterService(&feature_service_);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  RawHttpClient client(port());
  // Events go on for longer than any connection lives.
  client.Send(Get("/f/watch?count=40&pause_ms=50", kEvents));
  ASSERT_EQ(client.ReadHead()->status, 200);
  for (int i = 1; i <= 40; ++i) {
    const std::string number = std::to_string(i);
    ASSERT_EQ(client.ReadChunk(), "id: " + number + "\ndata: {\"id\":\"" + number + "\"}\n\n");
  }
  EXPECT_EQ(client.ReadChunk(), "");
  EXPECT_GT(feature_service_.watched(), 2);
  client.Close();
  server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
}

TEST_F(Streams, EndWhereTheUpstreamStaysAway) {
  RawHttpClient client(port());
  client.Send(Get("/f/watch?count=1&stays=true", kEvents));
  EXPECT_TRUE(client.ReadHead());
  EXPECT_TRUE(client.ReadChunk());
  features_.reset();
  EXPECT_THAT(*client.ReadChunk(), HasSubstr("event: error\ndata: {"));
  EXPECT_EQ(client.ReadChunk(), "");
}

TEST_F(Streams, EndForTheirClientsToComeBackElsewhereAtShutdown) {
  RawHttpClient client(port());
  client.Send(Get("/f/watch?count=1&stays=true", kLines));
  EXPECT_TRUE(client.ReadHead());
  EXPECT_TRUE(client.ReadChunk());
  handler_->EndStreams();
  EXPECT_THAT(*client.ReadChunk(), HasSubstr("\"status\":503"));
  EXPECT_EQ(client.ReadChunk(), "");
  EXPECT_TRUE(feature_service_.AwaitWatching(0));
  EXPECT_EQ(Fetch(port(), "GET", "/f/watch").status, 503);
}

TEST_F(Streams, OfFilesArePassedAsTheyAre) {
  const HttpAnswer answer = Fetch(port(), "GET", "/f/parts/x?size=3&content_type=text/csv", "", "Accept: text/csv\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "text/csv");
  EXPECT_EQ(answer.body, "part 1\npart 2\npart 3\n");
  EXPECT_EQ(Fetch(port(), "GET", "/f/parts/x?size=0&status_code=5").status, 404);
}

TEST_F(Streams, HeadTellsThatThereIsOne) {
  RawHttpClient client(port());
  client.Send("HEAD /f/watch?count=1&stays=true HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Read(false)->status, 200);
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(feature_service_.AwaitWatching(0));
}

TEST_F(Streams, OfTheClientsAreNotServed) { EXPECT_EQ(Fetch(port(), "POST", "/f/chat", "{}").status, 501); }

}  // namespace
}  // namespace gateway
