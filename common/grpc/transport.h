#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "common/core/logger.h"
#include "common/grpc/certificate_watch.h"
#include "common/grpc/transport_config.h"

namespace grpc::experimental {
class CertificateProviderInterface;
}

namespace common {

// The credentials that a TransportConfig stands for: the one place that makes them. With TLS, 1.2 or newer, both sides
// show a certificate; the files are looked at each second and taken over when they change and can be used, so that a
// renewed certificate needs no restart. Connections that are open keep what they began with. Thread-safe. What
// was made of it knows of no new certificate once it is gone.
class Transport {
 public:
  // `config` was read without a fault. The log says when a certificate was replaced, and when the new one cannot be
  // used.
  explicit Transport(TransportConfig config, Logger logger = Logger::Silent());

  // Admits, with TLS, nobody but a client whose certificate one of the authorities vouches for and names as an allowed
  // peer or as this process itself.
  std::shared_ptr<grpc::ServerCredentials> ForServer() const;

  // Speaks, with TLS, with nobody but a server whose certificate names the host that is called; `server_name`, where it
  // is not empty, stands for that host.
  std::shared_ptr<grpc::ChannelCredentials> ForChannel(const std::string& server_name = "") const;

  // For asking this very process, at whatever address.
  std::shared_ptr<grpc::ChannelCredentials> ForSelf() const;

 private:
  const TransportConfig config_;
  // Null for plaintext, both.
  std::unique_ptr<CertificateWatch> watch_;
  std::shared_ptr<grpc::experimental::CertificateProviderInterface> certificates_;
};

}  // namespace common
