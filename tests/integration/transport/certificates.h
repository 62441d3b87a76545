#pragma once

#include <map>
#include <string>

#include "common/grpc/transport_config.h"

namespace transport_testing {

struct Outcome {
  int exit_code = -1;
  std::string output;  // both streams
};

// Runs a command of the shell.
Outcome Shell(const std::string& command);

// Certificates as scripts/certificates makes them, by an authority of their own, in a folder that goes with the object.
class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  // Makes one for this name where there is none yet.
  void Issue(const std::string& name) const;
  // Makes another one for this name.
  void Renew(const std::string& name) const;

  std::string FileOf(const std::string& name, const std::string& file) const;
  // The variables that give a process the certificate of this name.
  std::map<std::string, std::string> VariablesFor(const std::string& name) const;
  // What such a process reads from them.
  common::TransportConfig ConfigFor(const std::string& name) const;

 private:
  std::string folder_;
};

// The configuration that these variables make; its faults, where there are any, are in `faults`.
common::ConfigReader ReaderOf(const std::map<std::string, std::string>& variables);

}  // namespace transport_testing
