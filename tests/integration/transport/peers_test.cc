// Who may call the verifier and the todo service: the binaries with certificates, as clients of all kinds find them.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "auth/v1/token_verifier.grpc.pb.h"
#include "common/grpc/transport.h"
#include "tests/integration/transport/certificates.h"
#include "tests/support/todo/eventually.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"
#include "tests/support/verifier/verifier_process.h"
#include "todo/v1/task_service.grpc.pb.h"

namespace {

using ::testing::HasSubstr;
using transport_testing::Certificates;
using transport_testing::Outcome;
using transport_testing::Shell;
using verifier::testing::VerifierProcess;

std::string ContentOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A binary, and a call that says by its status whether it was let in.
struct Service {
  const char* name;
  const char* binary;
  const char* port_variable;
  grpc::Status (*call)(const std::shared_ptr<grpc::Channel>&, grpc::ClientContext*);
  // What a call that was let in is answered.
  grpc::StatusCode answer;
};

grpc::Status CallVerifier(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context) {
  auth::v1::VerifyTokenRequest request;
  request.set_token("no.such.token");
  auth::v1::VerifyTokenResponse response;
  return auth::v1::TokenVerifierService::NewStub(channel)->VerifyToken(context, request, &response);
}

grpc::Status CallTodo(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context) {
  todo::v1::GetMeResponse response;
  return todo::v1::TaskService::NewStub(channel)->GetMe(context, {}, &response);
}

class Peers : public ::testing::TestWithParam<Service> {
 protected:
  void SetUp() override {
    jwks_.Serve(verifier::testing::KeySetOf({key_.Jwk()}));
    variables_ = certificates_.VariablesFor(GetParam().name);
    variables_["GRPC_TLS_ALLOWED_PEERS"] = "gateway, Billing";
    variables_["BETTER_AUTH_URL"] = "https://auth.example.com";
    variables_["BETTER_AUTH_JWKS_URL"] = jwks_.url();
    variables_["NEON_DATABASE_URL"] = "postgresql://127.0.0.1:1/none";
    variables_[GetParam().port_variable] = "0";
    process_.emplace(GetParam().binary, variables_);
    address_ = process_->AwaitAddress();
    ASSERT_NE(address_, "") << process_->log();
  }

  grpc::StatusCode Call(const std::shared_ptr<grpc::ChannelCredentials>& credentials) const {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    return GetParam().call(grpc::CreateChannel(address_, credentials), &context).error_code();
  }

  grpc::StatusCode CallAs(const std::string& name) const {
    const common::Transport transport(certificates_.ConfigFor(name));
    return Call(transport.ForChannel(GetParam().name));
  }

  std::string Serial() const {
    return Shell("openssl s_client -connect " + address_ + " </dev/null 2>/dev/null | openssl x509 -noout -serial")
        .output;
  }

  const verifier::testing::SigningKey key_{"EdDSA"};
  verifier::testing::JwksServer jwks_;
  const Certificates certificates_;
  VerifierProcess::Variables variables_;
  std::optional<VerifierProcess> process_;
  std::string address_;
};

TEST_P(Peers, RefusesAClientWithoutACertificate) {
  EXPECT_EQ(Call(grpc::InsecureChannelCredentials()), grpc::StatusCode::UNAVAILABLE);
  const std::string authority = ContentOf(certificates_.FileOf(GetParam().name, "ca.crt"));
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(GetParam().name);
  const auto channel = grpc::CreateCustomChannel(address_, grpc::SslCredentials({authority, "", ""}), arguments);
  grpc::ClientContext context;
  EXPECT_EQ(GetParam().call(channel, &context).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CallAs("gateway"), GetParam().answer);
}

TEST_P(Peers, RefusesAClientOfAnotherName) {
  for (const char* name : {"intruder", "gateway.evil", "xgateway"}) {
    EXPECT_EQ(CallAs(name), grpc::StatusCode::UNAVAILABLE) << name;
  }
  for (const char* name : {"gateway", "billing"}) EXPECT_EQ(CallAs(name), GetParam().answer) << name;
}

TEST_P(Peers, RefusesTheRightNameOfAnotherAuthority) {
  const Certificates others;
  const std::string authority = ContentOf(certificates_.FileOf(GetParam().name, "ca.crt"));
  others.Issue("gateway");
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(GetParam().name);
  const auto channel =
      grpc::CreateCustomChannel(address_,
                                grpc::SslCredentials({authority, ContentOf(others.FileOf("gateway", "tls.key")),
                                                      ContentOf(others.FileOf("gateway", "tls.crt"))}),
                                arguments);
  grpc::ClientContext context;
  EXPECT_EQ(GetParam().call(channel, &context).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_P(Peers, IsRefusedByAClientThatWantsAnotherServer) {
  const common::Transport gateway(certificates_.ConfigFor("gateway"));
  EXPECT_EQ(Call(gateway.ForChannel("another")), grpc::StatusCode::UNAVAILABLE);
  // Without a name it is the host of the address, which the certificate does not hold.
  EXPECT_EQ(Call(gateway.ForChannel()), grpc::StatusCode::UNAVAILABLE);
  const Certificates others;
  const common::Transport stranger(others.ConfigFor("gateway"));
  EXPECT_EQ(Call(stranger.ForChannel(GetParam().name)), grpc::StatusCode::UNAVAILABLE);
}

TEST_P(Peers, ShowsARenewedCertificateWithoutARestart) {
  const std::string before = Serial();
  ASSERT_THAT(before, HasSubstr("serial="));
  certificates_.Renew(GetParam().name);
  EXPECT_TRUE(todo::testing::Eventually([&] { return Serial() != before; }));
  EXPECT_EQ(CallAs("gateway"), GetParam().answer);
}

TEST_P(Peers, ShowsTheOldCertificateWhileTheNewOneCannotBeUsed) {
  const std::string before = Serial();
  const Certificates others;
  others.Issue(GetParam().name);
  const std::string file = certificates_.FileOf(GetParam().name, "tls.crt");
  const auto kept = [&](const std::string& why) {
    return todo::testing::Eventually([&] { return process_->log().find(why) != std::string::npos; }) &&
           Serial() == before && CallAs("gateway") == GetParam().answer;
  };
  for (const auto& [command, why] :
       {std::pair{"cp " + others.FileOf(GetParam().name, "tls.crt") + " " + file, "is not the key of"},
        std::pair{"echo nothing >" + file, "holds no certificate"}, std::pair{"rm " + file, "No such file"}}) {
    ASSERT_EQ(Shell(command).exit_code, 0);
    EXPECT_TRUE(kept(why)) << why << "\n" << process_->log();
  }
}

TEST_P(Peers, AnswersItsOwnHealthcheck) {
  std::string environment = "env -i ";
  for (const auto& [name, value] : variables_) absl::StrAppend(&environment, name, "='", value, "' ");
  const std::string port = address_.substr(address_.find(':') + 1);
  const auto healthcheck = [&](const std::string& more) {
    return Shell(absl::StrCat(environment, GetParam().port_variable, "=", port, " ", more, " ", GetParam().binary,
                              " --healthcheck"));
  };
  // The todo service has no database here, and says so; that it can be asked is what matters.
  const bool is_serving = GetParam().answer == grpc::StatusCode::OK;
  if (is_serving) {
    EXPECT_TRUE(todo::testing::Eventually([&] { return healthcheck("").exit_code == 0; }));
  } else {
    const Outcome outcome = healthcheck("");
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.output, HasSubstr("is not serving"));
  }
  const Outcome in_plaintext =
      healthcheck("GRPC_TLS_CERTIFICATE_FILE= GRPC_TLS_KEY_FILE= GRPC_TLS_CA_FILE= GRPC_TLS_ALLOWED_PEERS=");
  EXPECT_EQ(in_plaintext.exit_code, 1);
  EXPECT_THAT(in_plaintext.output, HasSubstr("does not answer"));
}

INSTANTIATE_TEST_SUITE_P(
    Services, Peers,
    ::testing::Values(Service{"verifier", TOKEN_VERIFIER, "VERIFIER_PORT", CallVerifier, grpc::StatusCode::OK},
                      Service{"todo", TODO_SERVICE, "TODO_PORT", CallTodo, grpc::StatusCode::UNAUTHENTICATED}),
    [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
