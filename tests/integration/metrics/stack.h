#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/support/gateway/gateway_process.h"
#include "tests/support/gateway/raw_http_client.h"
#include "tests/support/metrics/scrape.h"
#include "tests/support/todo/test_database.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"
#include "tests/support/verifier/verifier_process.h"

namespace metrics_testing {

// Gateway, todo service and verifier as their binaries, each with an admin port, on a database and a key set of their
// own.
class Stack {
 public:
  // Beside what they need.
  struct Options {
    verifier::testing::VerifierProcess::Variables verifier = {};
    verifier::testing::VerifierProcess::Variables todo = {};
  };

  // Waits until all are ready.
  Stack() : Stack(Options{}) {}
  explicit Stack(const Options& options);

  uint16_t verifier_admin() const { return verifier_admin_; }
  uint16_t todo_admin() const { return todo_admin_; }
  uint16_t gateway_admin() const { return gateway_admin_; }

  // The status of a page of an admin port; 0 where nobody answers.
  static int StatusOf(uint16_t admin_port, std::string_view path);

  // A token of ada's, with these members in place of, or beside, those that it has.
  std::string Token(std::string_view more_members = "", int seconds_left = 900) const;
  // The same of another key or header.
  std::string Payload(std::string_view more_members = "", int seconds_left = 900) const;
  const verifier::testing::SigningKey& key() const { return key_; }

  // One request to the gateway; an empty token sends none.
  gateway_testing::HttpAnswer Call(std::string_view method, std::string_view target, const std::string& token,
                                   std::string_view body = "") const;

  verifier::testing::JwksServer& jwks() { return jwks_; }
  todo::testing::TestDatabase& database() { return database_; }
  std::optional<verifier::testing::VerifierProcess>& verifier() { return verifier_; }
  verifier::testing::VerifierProcess& todo() { return *todo_; }
  gateway_testing::GatewayProcess& gateway() { return *gateway_; }

 private:
  const verifier::testing::SigningKey key_{"EdDSA"};
  verifier::testing::JwksServer jwks_;
  todo::testing::TestDatabase database_;
  std::optional<verifier::testing::VerifierProcess> verifier_;
  std::optional<verifier::testing::VerifierProcess> todo_;
  std::optional<gateway_testing::GatewayProcess> gateway_;
  uint16_t verifier_admin_ = 0;
  uint16_t todo_admin_ = 0;
  uint16_t gateway_admin_ = 0;
};

// The admin port that a process has logged; waits for it.
uint16_t AwaitAdminPort(const verifier::testing::VerifierProcess& process);

inline constexpr char kIssuer[] = "https://auth.example.com";

}  // namespace metrics_testing
