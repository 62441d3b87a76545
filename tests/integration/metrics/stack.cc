#include "tests/integration/metrics/stack.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/todo/eventually.h"

namespace metrics_testing {
namespace {

using todo::testing::Eventually;
using verifier::testing::VerifierProcess;

uint16_t AwaitPort(const std::function<std::string()>& log) {
  uint16_t port = 0;
  EXPECT_TRUE(Eventually([&] {
    const std::string text = log();
    const size_t event = text.find("\"listening_admin\"");
    const size_t at = event == std::string::npos ? event : text.find("\"port\":", event);
    if (at == std::string::npos || text.find('\n', at) == std::string::npos) return false;
    port = static_cast<uint16_t>(std::atoi(text.c_str() + at + 7));
    return true;
  })) << log();
  return port;
}

}  // namespace

uint16_t AwaitAdminPort(const VerifierProcess& process) {
  return AwaitPort([&process] { return process.log(); });
}

Stack::Stack(const Options& options) {
  jwks_.Serve(verifier::testing::KeySetOf({key_.Jwk(R"(,"kid":"one")")}));
  VerifierProcess::Variables variables = options.verifier;
  variables["BETTER_AUTH_URL"] = kIssuer;
  variables["BETTER_AUTH_JWKS_URL"] = jwks_.url();
  variables["VERIFIER_ADMIN_PORT"] = "0";
  verifier_.emplace(TOKEN_VERIFIER, variables);

  variables = options.todo;
  variables["NEON_DATABASE_URL"] = database_.url();
  variables["VERIFIER_ADDRESS"] = verifier_->AwaitAddress();
  variables["TODO_PORT"] = "0";
  variables["TODO_ADMIN_PORT"] = "0";
  todo_.emplace(TODO_SERVICE, variables);

  const std::vector<std::string> environment = {absl::StrCat("TODO_ADDRESS=", todo_->AwaitAddress()),
                                                "GATEWAY_ADMIN_PORT=0"};
  gateway_.emplace(HTTP_GATEWAY, std::vector<std::string>{}, environment);
  verifier_admin_ = AwaitAdminPort(*verifier_);
  todo_admin_ = AwaitAdminPort(*todo_);
  gateway_admin_ = AwaitPort([this] { return gateway_->log(); });
  for (const uint16_t port : {verifier_admin_, todo_admin_, gateway_admin_}) {
    EXPECT_TRUE(Eventually([port] { return StatusOf(port, "/readyz") == 200; }));
  }
}

int Stack::StatusOf(uint16_t admin_port, std::string_view path) {
  return gateway_testing::Fetch(admin_port, "GET", path).status;
}

std::string Stack::Payload(std::string_view more_members, int seconds_left) const {
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  const absl::string_view more(more_members.data(), more_members.size());
  std::string payload = absl::StrCat("{\"iat\":", now - 900, ",\"exp\":", now + seconds_left);
  for (const auto& [name, value] : {std::pair("iss", kIssuer), {"aud", kIssuer}, {"sub", "ada"}}) {
    const bool is_given = more_members.find(absl::StrCat("\"", name, "\"")) != std::string_view::npos;
    if (!is_given) absl::StrAppend(&payload, ",\"", name, "\":\"", value, "\"");
  }
  return absl::StrCat(payload, more, "}");
}

std::string Stack::Token(std::string_view more_members, int seconds_left) const {
  return key_.TokenOf(Payload(more_members, seconds_left), "one");
}

gateway_testing::HttpAnswer Stack::Call(std::string_view method, std::string_view target, const std::string& token,
                                        std::string_view body) const {
  std::string headers = token.empty() ? "" : absl::StrCat("Authorization: Bearer ", token, "\r\n");
  if (!body.empty()) headers += "Content-Type: application/json\r\n";
  return gateway_testing::Fetch(gateway_->port(), method, target, body, headers);
}

}  // namespace metrics_testing
