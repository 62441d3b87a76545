// The binary with a certificate, as curl and openssl see it.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "tests/integration/gateway/conformance_fixture.h"

namespace gateway {
namespace {

using gateway_testing::GatewayProcess;
using testing::HasSubstr;

struct Outcome {
  int exit_code = -1;
  std::string output;  // both streams
};

Outcome Shell(const std::string& command) {
  Outcome outcome;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  char bytes[4096];
  size_t size;
  while ((size = fread(bytes, 1, sizeof bytes, pipe)) > 0) outcome.output.append(bytes, size);
  outcome.exit_code = WEXITSTATUS(pclose(pipe));
  return outcome;
}

class Tls : public Conformance {
 protected:
  Tls() {
    char path[] = "/tmp/gateway-tls-XXXXXX";
    folder_ = mkdtemp(path);
    MakeCertificate("first");
    gateway_ = std::make_unique<GatewayProcess>(
        HTTP_GATEWAY,
        std::vector<std::string>{
            "--descriptor_set=" + gateway_testing::DescriptorSetPath(),
            "--upstream=gateway_testing.v1.ShelfService=127.0.0.1:" + std::to_string(world_->shelf_server->port()),
            "--upstream=gateway_testing.v1.FeatureService=127.0.0.1:" + std::to_string(world_->feature_server->port())},
        std::vector<std::string>{"TLS_CERTIFICATE_FILE=" + folder_ + "/tls.crt",
                                 "TLS_KEY_FILE=" + folder_ + "/tls.key"});
  }
  ~Tls() override {
    gateway_.reset();
    Shell("rm -r " + folder_);
  }

  // Written beside and moved into place, as one that renews certificates does.
  void MakeCertificate(const std::string& name) {
    const Outcome made =
        Shell("cd " + folder_ +
              " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name +
              " -addext subjectAltName=DNS:localhost -keyout new.key -out new.crt && mv new.key tls.key && mv new.crt "
              "tls.crt");
    ASSERT_EQ(made.exit_code, 0) << made.output;
  }

  Outcome Curl(const std::string& arguments) {
    return Shell("curl -sS -i --max-time 5 --cacert " + folder_ + "/tls.crt " + arguments);
  }
  std::string Url(const std::string& path) { return "https://localhost:" + std::to_string(gateway_->port()) + path; }
  std::string Shown() {
    return Shell("openssl s_client -connect 127.0.0.1:" + std::to_string(gateway_->port()) + " </dev/null").output;
  }

  std::string folder_;
  std::unique_ptr<GatewayProcess> gateway_;
};

TEST_F(Tls, ServesRequestsAndTellsBrowsersToStay) {
  ASSERT_NE(gateway_->port(), 0);
  const Outcome answer = Curl(Url("/v1/shelves/s/books/b"));
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_THAT(answer.output, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer.output, HasSubstr("Strict-Transport-Security: max-age=31536000"));
  EXPECT_THAT(Curl(Url("/nope")).output, HasSubstr("Strict-Transport-Security"));
}

TEST_F(Tls, StreamsAndTakesBodies) {
  EXPECT_THAT(Curl(Url("/f/watch?count=3")).output, HasSubstr("{\"result\":{\"id\":\"3\"}}"));
  EXPECT_THAT(Curl("-d '{\"aBool\":true}' -H 'Content-Type: application/json' " + Url("/f/kinds")).output,
              HasSubstr("{\"aBool\":true}"));
  EXPECT_THAT(Curl(Url("/f/files/x?size=3000000") + " -o /dev/null -w '%{size_download}'").output,
              HasSubstr("3000000"));
}

TEST_F(Tls, TellsAClientThatGoesOnSendingWhyItIsRefused) {
  for (int i = 0; i < 10; ++i) {
    const Outcome answer =
        Shell("head -c 900000 /dev/zero | curl -sS -i --max-time 5 --cacert " + folder_ +
              "/tls.crt -H 'Expect:' -H 'Content-Type: application/json' --data-binary @- " + Url("/f/kinds"));
    EXPECT_EQ(answer.exit_code, 0) << answer.output;
    EXPECT_THAT(answer.output, HasSubstr("413 Content Too Large"));
  }
}

TEST_F(Tls, SpeaksNothingOlderThan12) {
  const std::string connect = "openssl s_client -connect 127.0.0.1:" + std::to_string(gateway_->port()) + " ";
  EXPECT_NE(Shell(connect + "-tls1_1 -cipher DEFAULT@SECLEVEL=0 </dev/null").exit_code, 0);
  EXPECT_EQ(Shell(connect + "-tls1_2 </dev/null").exit_code, 0);
  EXPECT_EQ(Shell(connect + "-tls1_3 </dev/null").exit_code, 0);
}

TEST_F(Tls, RefusesPlainHttp) {
  gateway_testing::RawHttpClient client(gateway_->port());
  client.Send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_FALSE(client.Read());
  EXPECT_THAT(Curl(Url("/health")).output, HasSubstr("200 OK"));
}

TEST_F(Tls, ReadsARenewedCertificateWithoutARestart) {
  EXPECT_THAT(Shown(), HasSubstr("CN = first"));
  MakeCertificate("second");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (Shown().find("CN = second") == std::string::npos && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_THAT(Shown(), HasSubstr("CN = second"));
  // One that cannot be used changes nothing.
  Shell("echo junk >" + folder_ + "/tls.crt");
  while (gateway_->log().find("certificate_not_reloaded") == std::string::npos &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_THAT(gateway_->log(), HasSubstr("certificate_not_reloaded"));
  EXPECT_THAT(Shown(), HasSubstr("CN = second"));
}

TEST_F(Tls, HealthcheckAsksOverTls) {
  const std::string environment = "PORT=" + std::to_string(gateway_->port()) + " TLS_CERTIFICATE_FILE=" + folder_ +
                                  "/tls.crt TLS_KEY_FILE=" + folder_ + "/tls.key ";
  const Outcome outcome = Shell(environment + HTTP_GATEWAY + " --healthcheck");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

TEST_F(Tls, NamesACertificateThatCannotBeUsed) {
  EXPECT_THAT(Shell("TLS_CERTIFICATE_FILE=/no/such TLS_KEY_FILE=/no/such " HTTP_GATEWAY " --check-config").output,
              HasSubstr("/no/such cannot be used"));
  EXPECT_THAT(Shell("TLS_CERTIFICATE_FILE=/no/such " HTTP_GATEWAY " --check-config").output, HasSubstr("TLS_KEY_FILE"));
}

}  // namespace
}  // namespace gateway
