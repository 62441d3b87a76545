// Gateway, todo service and verifier as their binaries, each with a certificate of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/transport/certificates.h"
#include "tests/support/gateway/gateway_process.h"
#include "tests/support/gateway/raw_http_client.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/todo/test_database.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"
#include "tests/support/verifier/verifier_process.h"

namespace {

using ::testing::HasSubstr;
using transport_testing::Certificates;
using verifier::testing::VerifierProcess;

constexpr char kIssuer[] = "https://auth.example.com";

class Chain : public ::testing::Test {
 protected:
  // Starts all three; the todo service shows the certificate of `todo_name`.
  void Start(const std::string& todo_name) {
    jwks_.Serve(verifier::testing::KeySetOf({key_.Jwk(R"(,"kid":"one")")}));
    VerifierProcess::Variables variables = certificates_.VariablesFor("verifier");
    variables["GRPC_TLS_ALLOWED_PEERS"] = "todo";
    variables["BETTER_AUTH_URL"] = kIssuer;
    variables["BETTER_AUTH_JWKS_URL"] = jwks_.url();
    verifier_.emplace(TOKEN_VERIFIER, variables);

    variables = certificates_.VariablesFor(todo_name);
    variables["GRPC_TLS_ALLOWED_PEERS"] = "gateway";
    variables["NEON_DATABASE_URL"] = database_.url();
    variables["VERIFIER_ADDRESS"] = verifier_->AwaitAddress();
    variables["VERIFIER_TLS_NAME"] = "verifier";
    variables["TODO_PORT"] = "0";
    todo_.emplace(TODO_SERVICE, variables);

    std::vector<std::string> environment = {absl::StrCat("TODO_ADDRESS=", todo_->AwaitAddress()),
                                            absl::StrCat("TODO_TLS_NAME=", todo_name)};
    for (const auto& [name, value] : certificates_.VariablesFor("gateway")) {
      environment.push_back(absl::StrCat(name, "=", value));
    }
    gateway_.emplace(HTTP_GATEWAY, std::vector<std::string>{}, environment);
    ASSERT_NE(gateway_->port(), 0) << gateway_->log();
  }

  gateway_testing::HttpAnswer Get(const std::string& path) const {
    const std::string payload =
        absl::StrCat(R"({"iss":")", kIssuer, R"(","aud":")", kIssuer, R"(","sub":"ada","iat":)",
                     absl::ToUnixSeconds(absl::Now()), R"(,"exp":)", absl::ToUnixSeconds(absl::Now()) + 900, "}");
    return gateway_testing::Fetch(gateway_->port(), "GET", path, "",
                                  absl::StrCat("Authorization: Bearer ", key_.TokenOf(payload, "one"), "\r\n"));
  }

  const verifier::testing::SigningKey key_{"EdDSA"};
  verifier::testing::JwksServer jwks_;
  todo::testing::TestDatabase database_;
  const Certificates certificates_;
  std::optional<VerifierProcess> verifier_;
  std::optional<VerifierProcess> todo_;
  std::optional<gateway_testing::GatewayProcess> gateway_;
};

TEST_F(Chain, CarriesACallFromEndToEnd) {
  Start("todo");
  EXPECT_TRUE(todo::testing::Eventually([&] { return Get("/readyz").status == 200; }));
  const gateway_testing::HttpAnswer me = Get("/api/me");
  EXPECT_EQ(me.status, 200) << me.body;
  EXPECT_THAT(me.body, HasSubstr("ada"));
  EXPECT_EQ(Get("/api/ada/tasks").status, 200);
}

TEST_F(Chain, GoesOnWhileAllCertificatesAreRenewed) {
  Start("todo");
  ASSERT_TRUE(todo::testing::Eventually([&] { return Get("/api/me").status == 200; }));
  for (const char* name : {"verifier", "todo", "gateway"}) {
    certificates_.Renew(name);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(Get("/api/me").status, 200);
  }
  const auto says_so = [](const VerifierProcess& process) {
    return todo::testing::Eventually(
        [&] { return process.log().find("\"event\":\"certificate_reloaded\"") != std::string::npos; });
  };
  EXPECT_TRUE(says_so(*verifier_));
  EXPECT_TRUE(says_so(*todo_));
}

TEST_F(Chain, LetsNobodyInWhereTheVerifierWouldNotSpeakWithTheTodoService) {
  Start("impostor");
  EXPECT_TRUE(
      todo::testing::Eventually([&] { return todo_->log().find("verifier: does not answer") != std::string::npos; }));
  EXPECT_EQ(Get("/api/me").status, 503);
  EXPECT_EQ(Get("/readyz").status, 503);
}

}  // namespace
