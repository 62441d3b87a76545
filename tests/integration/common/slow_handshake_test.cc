// A verifier that is far away or busy: what it says first arrives late.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/verifier_client.h"
#include "common/grpc/grpc_server.h"

namespace auth {
namespace {

// Believes every token to be its own subject.
class CredulousVerifier : public v1::TokenVerifierService::CallbackService {
 public:
  grpc::ServerUnaryReactor* VerifyToken(grpc::CallbackServerContext* context, const v1::VerifyTokenRequest* request,
                                        v1::VerifyTokenResponse* response) override {
    response->mutable_verified()->set_subject(request->token());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Passes the bytes of one connection on to `port`, but holds them for half a second first, unless the client has given
// up before.
class LateRelay {
 public:
  explicit LateRelay(int port) : target_(port) {
    sockaddr_in address = Loopback(0);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Relay(); });
  }

  ~LateRelay() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  int port() const { return port_; }

 private:
  void Relay() {
    const int client = accept(listener_, nullptr, nullptr);
    pollfd given_up = {.fd = client, .events = POLLRDHUP, .revents = 0};
    if (client < 0) return;
    if (poll(&given_up, 1, 500) != 0) {
      close(client);
      return;
    }
    const int server = socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = Loopback(target_);
    EXPECT_EQ(connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    std::array<pollfd, 2> ends = {
        {{.fd = client, .events = POLLIN, .revents = 0}, {.fd = server, .events = POLLIN, .revents = 0}}};
    while (poll(ends.data(), ends.size(), -1) > 0) {
      if (ends[0].revents != 0 && !Pass(client, server)) break;
      if (ends[1].revents != 0 && !Pass(server, client)) break;
    }
    close(client);
    close(server);
  }

  static bool Pass(int from, int to) {
    std::array<char, 4096> bytes;
    const ssize_t count = read(from, bytes.data(), bytes.size());
    // Whoever has hung up meanwhile ends the relay, not the process.
    return count > 0 && send(to, bytes.data(), static_cast<size_t>(count), MSG_NOSIGNAL) == count;
  }

  const int target_;
  const int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  int port_ = 0;
  std::thread thread_;
};

TEST(SlowHandshake, IsWaitedFor) {
  CredulousVerifier service;
  const auto server =
      *common::GrpcServer::Start({.address = "127.0.0.1:0", .credentials = grpc::InsecureServerCredentials()}, service);
  server->SetServing(true);
  const LateRelay relay(server->port());
  std::promise<Authenticator::Verdict> verdict;
  {
    VerifierClient client(
        MakeVerifierChannel(absl::StrCat("127.0.0.1:", relay.port()), grpc::InsecureChannelCredentials()));
    client.Authenticate({.token = "ada"}, common::CallTraceOf({}), absl::Now() + absl::Seconds(30),
                        [&](const Authenticator::Verdict& given) { verdict.set_value(given); });
    const Authenticator::Verdict given = verdict.get_future().get();
    EXPECT_TRUE(given.ok()) << given.status();
  }
  server->Drain(absl::ZeroDuration());
}

}  // namespace
}  // namespace auth
