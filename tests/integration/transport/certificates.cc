#include "tests/integration/transport/certificates.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace transport_testing {

Outcome Shell(const std::string& command) {
  Outcome outcome;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  char bytes[4096];
  size_t size;
  while ((size = fread(bytes, 1, sizeof bytes, pipe)) > 0) outcome.output.append(bytes, size);
  outcome.exit_code = WEXITSTATUS(pclose(pipe));
  return outcome;
}

Certificates::Certificates() {
  char path[] = "/tmp/transport-test-XXXXXX";
  folder_ = mkdtemp(path);
}

Certificates::~Certificates() { Shell("rm -r " + folder_); }

void Certificates::Issue(const std::string& name) const {
  const Outcome issued = Shell(CERTIFICATES_SCRIPT " " + folder_ + " " + name);
  ASSERT_EQ(issued.exit_code, 0) << issued.output;
}

void Certificates::Renew(const std::string& name) const {
  const Outcome issued = Shell("CERTIFICATE_RENEW_DAYS=400 " CERTIFICATES_SCRIPT " " + folder_ + " " + name);
  ASSERT_EQ(issued.exit_code, 0) << issued.output;
}

std::string Certificates::FileOf(const std::string& name, const std::string& file) const {
  return folder_ + "/" + name + "/" + file;
}

std::map<std::string, std::string> Certificates::VariablesFor(const std::string& name) const {
  Issue(name);
  return {{"GRPC_TLS_CERTIFICATE_FILE", FileOf(name, "tls.crt")},
          {"GRPC_TLS_KEY_FILE", FileOf(name, "tls.key")},
          {"GRPC_TLS_CA_FILE", FileOf(name, "ca.crt")}};
}

common::TransportConfig Certificates::ConfigFor(const std::string& name) const {
  common::ConfigReader reader = ReaderOf(VariablesFor(name));
  common::TransportConfig config = common::ReadTransport(reader);
  EXPECT_TRUE(reader.faults().empty()) << reader.faults().front();
  return config;
}

common::ConfigReader ReaderOf(const std::map<std::string, std::string>& variables) {
  return common::ConfigReader([variables](const std::string& name) -> std::optional<std::string> {
    const auto variable = variables.find(name);
    return variable == variables.end() ? std::nullopt : std::optional(variable->second);
  });
}

}  // namespace transport_testing
