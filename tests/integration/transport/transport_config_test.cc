#include "common/grpc/transport_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/integration/transport/certificates.h"

namespace common {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using transport_testing::Certificates;
using transport_testing::ReaderOf;
using transport_testing::Shell;
using Variables = std::map<std::string, std::string>;

std::vector<std::string> FaultsOfServer(const Variables& variables, const std::string& host = "127.0.0.1") {
  ConfigReader reader = ReaderOf(variables);
  ReadServerTransport(reader, host);
  return reader.faults();
}

std::vector<std::string> FaultsOfTarget(const Variables& variables, const std::string& target) {
  ConfigReader reader = ReaderOf(variables);
  CheckTarget(reader, {}, "VERIFIER_ADDRESS", target);
  return reader.faults();
}

TEST(TransportConfig, IsPlaintextWhereNothingIsSet) {
  ConfigReader reader = ReaderOf({});
  EXPECT_FALSE(ReadServerTransport(reader, "127.0.0.1").is_tls());
  EXPECT_THAT(reader.faults(), IsEmpty());
}

TEST(TransportConfig, ReadsForHowLongAConnectionIsKept) {
  ConfigReader reader = ReaderOf({{"GRPC_CONNECTION_AGE_SECONDS", "7"}});
  EXPECT_EQ(ReadServerTransport(reader, "127.0.0.1").connection_age, absl::Seconds(7));
  ConfigReader silent = ReaderOf({});
  EXPECT_EQ(ReadServerTransport(silent, "127.0.0.1").connection_age, absl::Minutes(5));
  EXPECT_THAT(FaultsOfServer({{"GRPC_CONNECTION_AGE_SECONDS", "0"}}),
              ElementsAre(HasSubstr("GRPC_CONNECTION_AGE_SECONDS is no whole number from 1")));
}

TEST(TransportConfig, RefusesToServePlaintextBeyondThisMachine) {
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "todo"}) {
    EXPECT_THAT(FaultsOfServer({}, host), ElementsAre(AllOf(HasSubstr("HOST would serve gRPC without TLS"),
                                                            HasSubstr("GRPC_TLS_CA_FILE"), HasSubstr(host))));
    EXPECT_THAT(FaultsOfServer({{"GRPC_ALLOW_PLAINTEXT", "true"}}, host), IsEmpty());
  }
  for (const char* host : {"127.0.0.1", "127.0.0.9", "::1", "localhost"})
    EXPECT_THAT(FaultsOfServer({}, host), IsEmpty());
}

TEST(TransportConfig, RefusesToCallBeyondThisMachineInPlaintext) {
  for (const char* target : {"verifier:50052", "dns:///verifier:50052", "10.0.0.1:1", "127.0.0.1:1,10.0.0.1:1",
                             "[fe80::1]:1", "ipv4:10.0.0.1:1", "dns://127.0.0.1/verifier:1", "localhost.evil:1"}) {
    EXPECT_THAT(FaultsOfTarget({}, target), ElementsAre(HasSubstr(target))) << target;
    EXPECT_THAT(FaultsOfTarget({{"GRPC_ALLOW_PLAINTEXT", "true"}}, target), IsEmpty()) << target;
  }
  for (const char* target : {"127.0.0.1:50052", "localhost:1", "dns:///localhost:1", "unix:/run/verifier", "[::1]:1",
                             "127.0.0.1:1,127.0.0.2:1", "ipv4:127.0.0.1:1"}) {
    EXPECT_THAT(FaultsOfTarget({}, target), IsEmpty()) << target;
  }
}

TEST(TransportConfig, WantsAllThreeFilesAndTheNamesOfThePeers) {
  EXPECT_THAT(FaultsOfServer({{"GRPC_TLS_CERTIFICATE_FILE", "/a"}}),
              ElementsAre(HasSubstr("GRPC_TLS_KEY_FILE is not set"), HasSubstr("GRPC_TLS_CA_FILE is not set"),
                          HasSubstr("GRPC_TLS_ALLOWED_PEERS is not set")));
}

TEST(TransportConfig, SaysWhichFileIsWrongAndHow) {
  const Certificates certificates;
  const Certificates others;
  Variables variables = certificates.VariablesFor("todo");
  variables["GRPC_TLS_ALLOWED_PEERS"] = "gateway";
  EXPECT_THAT(FaultsOfServer(variables, "0.0.0.0"), IsEmpty());

  Variables changed = variables;
  changed["GRPC_TLS_CERTIFICATE_FILE"] = "/no/such";
  EXPECT_THAT(FaultsOfServer(changed), ElementsAre(AllOf(HasSubstr("/no/such"), HasSubstr("No such file"))));
  changed["GRPC_TLS_CERTIFICATE_FILE"] = variables["GRPC_TLS_KEY_FILE"];
  EXPECT_THAT(FaultsOfServer(changed), ElementsAre(HasSubstr("holds no certificate as PEM")));
  changed["GRPC_TLS_CERTIFICATE_FILE"] = variables["GRPC_TLS_CA_FILE"];
  EXPECT_THAT(FaultsOfServer(changed), ElementsAre(HasSubstr("has no DNS name")));

  changed = variables;
  changed["GRPC_TLS_KEY_FILE"] = variables["GRPC_TLS_CERTIFICATE_FILE"];
  EXPECT_THAT(FaultsOfServer(changed), ElementsAre(HasSubstr("holds no private key")));
  changed["GRPC_TLS_KEY_FILE"] = others.VariablesFor("todo")["GRPC_TLS_KEY_FILE"];
  EXPECT_THAT(FaultsOfServer(changed), ElementsAre(HasSubstr("is not the key of")));

  changed = variables;
  changed["GRPC_TLS_CA_FILE"] = others.FileOf("todo", "ca.crt");
  EXPECT_THAT(FaultsOfServer(changed), ElementsAre(HasSubstr("is not vouched for by")));
}

TEST(TransportConfig, SaysThatACertificateHasEnded) {
  const Certificates certificates;
  Variables variables = certificates.VariablesFor("todo");
  const std::string folder = certificates.FileOf("todo", "");
  const std::string authority = certificates.FileOf("authority", "");
  ASSERT_EQ(Shell("cd " + folder +
                  " && openssl req -new -key tls.key -subj /CN=todo -addext subjectAltName=DNS:todo -out r && " +
                  "openssl x509 -req -in r -CA " + authority + "ca.crt -CAkey " + authority +
                  "ca.key -days -1 -copy_extensions copy -set_serial 7 -out tls.crt")
                .exit_code,
            0);
  variables["GRPC_TLS_ALLOWED_PEERS"] = "gateway";
  EXPECT_THAT(FaultsOfServer(variables), ElementsAre(HasSubstr("certificate has expired")));
}

TEST(TransportConfig, KnowsItsOwnNames) {
  const Certificates certificates;
  EXPECT_THAT(certificates.ConfigFor("todo").own_names, ElementsAre("todo"));
}

TEST(CertificatesScript, LeavesWhatLastsAndRefusesWhatIsNoName) {
  const Certificates certificates;
  certificates.Issue("todo");
  const std::string before = Shell("cat " + certificates.FileOf("todo", "*")).output;
  certificates.Issue("todo");
  EXPECT_EQ(Shell("cat " + certificates.FileOf("todo", "*")).output, before);
  for (const char* name : {"../x", "a/b", "-a", "''", "UPPER", "a,b"}) {
    EXPECT_NE(Shell(CERTIFICATES_SCRIPT " " + certificates.FileOf("", "") + " " + name).exit_code, 0) << name;
  }
  // Nobody else may read a key.
  EXPECT_EQ(Shell("stat -c %a " + certificates.FileOf("todo", "tls.key")).output, "600\n");
}

}  // namespace
}  // namespace common
