// Keys over https: whoever is on the way could serve keys of his own, were the certificate not looked at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/http/server.h"
#include "services/verifier/jwks_fetcher.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using ::testing::HasSubstr;

// Answers every request with a good key set.
class GoodKeys : public http::Handler {
 public:
  void Handle(http::Request, http::Responder responder) override {
    http::Response response(200);
    response.body = testing::KeySetOf({key_.Jwk()});
    responder.Send(std::move(response));
  }
  http::Response Refuse(const http::RequestHead*, const http::Refusal& refusal) override {
    return http::Response(refusal.status);
  }

 private:
  const testing::SigningKey key_{"EdDSA"};
};

class JwksTls : public ::testing::Test {
 protected:
  JwksTls() {
    char path[] = "/tmp/jwks-tls-XXXXXX";
    folder_ = mkdtemp(path);
  }
  ~JwksTls() override { std::filesystem::remove_all(folder_); }

  // Serves keys with a certificate for this name.
  void ServeAs(const std::string& name) {
    ASSERT_EQ(std::system((CERTIFICATES_SCRIPT " " + folder_ + " " + name + " >/dev/null").c_str()), 0);
    const std::string files = folder_ + "/" + name + "/tls.";
    auto identity = http::TlsIdentity::Create(files + "crt", files + "key");
    ASSERT_TRUE(identity.ok()) << identity.status();
    http::ServerOptions options;
    options.tls = *std::move(identity);
    auto server = http::Server::Start(std::move(options), handler_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  absl::StatusOr<JwksResponse> Fetch(const std::string& ca_file) {
    JwksFetcher fetcher({.url = absl::StrCat("https://localhost:", server_->port(), "/jwks.json"),
                         .connect_timeout = absl::Seconds(60),
                         .total_timeout = absl::Seconds(60),
                         .ca_file = ca_file});
    fetcher.Start("");
    std::optional<absl::StatusOr<JwksResponse>> response;
    while (!response) response = fetcher.Wait(absl::Seconds(60));
    return *std::move(response);
  }

  // The authority that has made the certificates.
  std::string OwnAuthority() const { return folder_ + "/authority/ca.crt"; }

  std::string folder_;
  GoodKeys handler_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(JwksTls, TakesNoKeysFromAServerThatNobodyVouchesFor) {
  ServeAs("localhost");
  const absl::Status status = Fetch("").status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("certificate"));
}

TEST_F(JwksTls, TakesNoKeysFromAServerOfAnotherName) {
  ServeAs("elsewhere.test");
  const absl::Status status = Fetch(OwnAuthority()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("localhost"));
}

TEST_F(JwksTls, TakesNoKeysWhereTheAuthoritiesCannotBeRead) {
  ServeAs("localhost");
  EXPECT_TRUE(absl::IsUnavailable(Fetch(folder_ + "/nowhere").status()));
}

TEST_F(JwksTls, TakesKeysFromAServerThatAnOwnAuthorityVouchesFor) {
  ServeAs("localhost");
  const absl::StatusOr<JwksResponse> response = Fetch(OwnAuthority());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(response->body, HasSubstr("Ed25519"));
}

}  // namespace
}  // namespace verifier
