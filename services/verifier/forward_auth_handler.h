#pragma once

#include <string_view>

#include "common/auth/validation_result.h"
#include "common/core/logger.h"
#include "common/http/handler.h"
#include "services/verifier/credential_verifier.h"

namespace verifier {

// Tells a reverse proxy whether a request may pass: nginx `auth_request`, Caddy `forward_auth`, Traefik ForwardAuth
// (docs/forward-auth.md). Decides by the one `Authorization: Bearer TOKEN` (RFC 6750 section 2.1), else by the one
// `Cookie` with its `Origin`, and by nothing else: every method and path is the same question, and a query is never
// read (RFC 9700 section 4.3.2). Thread-safe.
class ForwardAuthHandler : public http::Handler {
 public:
  // `verifier` and `metrics` must outlive the server.
  ForwardAuthHandler(const CredentialVerifier& verifier, auth::ValidationMetrics& metrics, common::Logger logger)
      : verifier_(verifier), metrics_(metrics), logger_(std::move(logger)) {}

  void Handle(http::Request request, http::Responder responder) override;
  http::Response Refuse(const http::RequestHead* head, const http::Refusal& refusal) override;

 private:
  struct Exchange;

  // Logs the request and answers it. `subject` is who asked, let in or not; empty where no credential holds.
  void Send(Exchange& exchange, std::string_view subject, http::Response response) const;
  http::Response Answer(const Exchange& exchange, const Verdict& verdict) const;

  const CredentialVerifier& verifier_;
  auth::ValidationMetrics& metrics_;
  const common::Logger logger_;
};

}  // namespace verifier
