#include "common/grpc/transport.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"

namespace common {
namespace {

using grpc::experimental::CertificateVerifier;
using grpc::experimental::ExternalCertificateVerifier;
using grpc::experimental::TlsCustomVerificationCheckRequest;

constexpr unsigned int kRefreshSeconds = 1;

// Admits peers whose certificate holds one of these DNS names. gRPC has checked by then that the certificate is valid.
class PeerNames : public ExternalCertificateVerifier {
 public:
  explicit PeerNames(std::vector<std::string> names) : names_(std::move(names)) {}

  bool Verify(TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* sync_status) override {
    for (const grpc::string_ref& name : request->dns_names()) {
      const std::string lower = absl::AsciiStrToLower({name.data(), name.size()});
      if (std::find(names_.begin(), names_.end(), lower) == names_.end()) continue;
      *sync_status = grpc::Status::OK;
      return true;
    }
    *sync_status =
        grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "the peer's certificate has none of the names allowed");
    return true;
  }

  void Cancel(TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::vector<std::string> names_;
};

std::vector<std::string> Joined(std::vector<std::string> names, const std::vector<std::string>& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(
    const std::shared_ptr<grpc::experimental::CertificateProviderInterface>& certificates,
    std::vector<std::string> server_names) {
  if (certificates == nullptr) return grpc::InsecureChannelCredentials();
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(certificates);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  if (server_names.empty()) {
    options.set_certificate_verifier(std::make_shared<grpc::experimental::HostNameCertificateVerifier>());
  } else {
    options.set_certificate_verifier(ExternalCertificateVerifier::Create<PeerNames>(std::move(server_names)));
    options.set_check_call_host(false);
  }
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace

Transport::Transport(TransportConfig config, Logger logger) : config_(std::move(config)) {
  if (!config_.is_tls()) return;
  watch_ = std::make_unique<CertificateWatch>(config_, std::move(logger));
  certificates_ = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      watch_->identity_path(), watch_->identity_path(), watch_->authorities_path(), kRefreshSeconds);
}

std::shared_ptr<grpc::ServerCredentials> Transport::ForServer() const {
  if (certificates_ == nullptr) return grpc::InsecureServerCredentials();
  grpc::experimental::TlsServerCredentialsOptions options(certificates_);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.set_certificate_verifier(
      ExternalCertificateVerifier::Create<PeerNames>(Joined(config_.allowed_peers, config_.own_names)));
  return grpc::experimental::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> Transport::ForChannel(const std::string& server_name) const {
  if (server_name.empty()) return ChannelCredentials(certificates_, {});
  return ChannelCredentials(certificates_, {absl::AsciiStrToLower(server_name)});
}

std::shared_ptr<grpc::ChannelCredentials> Transport::ForSelf() const {
  return ChannelCredentials(certificates_, config_.own_names);
}

}  // namespace common
