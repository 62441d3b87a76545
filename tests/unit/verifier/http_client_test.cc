#include "services/verifier/http_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/verifier/jwks_fetcher.h"

namespace verifier {
namespace {

// A port on which connections are asked for and never made: what listens there accepts none, and its queue is full.
class FullPort {
 public:
  FullPort() {
    sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address_;
    EXPECT_EQ(bind(sockets_[0], Address(), length), 0);
    EXPECT_EQ(listen(sockets_[0], 0), 0);
    EXPECT_EQ(getsockname(sockets_[0], Address(), &length), 0);
    for (int i = 0; i < 4; ++i) {
      sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      connect(sockets_.back(), Address(), length);
    }
  }
  ~FullPort() {
    for (const int descriptor : sockets_) close(descriptor);
  }

  std::string url() const { return absl::StrCat("http://127.0.0.1:", ntohs(address_.sin_port), "/"); }

 private:
  sockaddr* Address() { return reinterpret_cast<sockaddr*>(&address_); }

  sockaddr_in address_{};
  std::vector<int> sockets_;
};

TEST(HttpClient, GivesUpAConnectionThatIsNotMadeInTime) {
  const FullPort port;
  HttpClient client;
  client.Start({.url = port.url(),
                .headers = {},
                .connect_timeout = absl::Milliseconds(50),
                .total_timeout = absl::Seconds(60)});
  const absl::Time started = absl::Now();
  std::vector<HttpClient::Finished> finished;
  while (finished.empty()) finished = client.Wait(absl::Seconds(60));
  EXPECT_TRUE(absl::IsUnavailable(finished[0].answer.status())) << finished[0].answer.status();
  EXPECT_LT(absl::Now() - started, absl::Seconds(30));
}

TEST(JwksFetcher, HandsItsTimeForAConnectionOn) {
  const FullPort port;
  JwksFetcher fetcher(
      {.url = port.url(), .connect_timeout = absl::Milliseconds(50), .total_timeout = absl::Seconds(60)});
  const absl::Time started = absl::Now();
  fetcher.Start("");
  std::optional<absl::StatusOr<JwksResponse>> response;
  while (!response) response = fetcher.Wait(absl::Seconds(60));
  EXPECT_TRUE(absl::IsUnavailable(response->status())) << response->status();
  EXPECT_LT(absl::Now() - started, absl::Seconds(30));
}

}  // namespace
}  // namespace verifier
