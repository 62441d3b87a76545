#include "services/verifier/forward_auth_handler.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "services/verifier/forward_auth_answers.h"
#include "services/verifier/verdict_metrics.h"

namespace verifier {
namespace {

// What stands in front of a token (RFC 6750 section 2.1; the scheme in any case).
std::optional<std::string_view> BearerToken(std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view scheme = header.substr(0, kScheme.size());
  if (!absl::EqualsIgnoreCase({scheme.data(), scheme.size()}, {kScheme.data(), kScheme.size()})) return std::nullopt;
  return header.substr(kScheme.size());
}

// What a request shows, or the challenge that answers it. Views of the request.
std::variant<auth::Credential, Challenge> CredentialOf(const http::RequestHead& head) {
  // Which of two the service behind the proxy reads is anybody's guess.
  if (head.Count("authorization") > 1) {
    return Challenge{"invalid_request", "the request has more than one Authorization header"};
  }
  if (const std::optional<std::string_view> header = head.Find("authorization")) {
    const std::optional<std::string_view> token = BearerToken(*header);
    if (!token) return Challenge{"", "the Authorization header is not of the form Bearer TOKEN"};
    if (token->find_first_of(" \t") == std::string_view::npos) return auth::Credential{.token = *token};
    return Challenge{"invalid_request", "the Authorization header is not of the form Bearer TOKEN"};
  }
  if (head.Count("cookie") > 1 || head.Count("origin") > 1) {
    return Challenge{"invalid_request", "the request has more than one Cookie or Origin header"};
  }
  return auth::Credential{.cookie = head.Find("cookie").value_or(std::string_view()),
                          .origin = head.Find("origin").value_or(std::string_view())};
}

http::Response Reject(const Rejection& rejection) {
  switch (rejection.reason) {
    case auth::v1::REJECTION_REASON_MISSING_CREDENTIAL:
      return Unauthorized({"", rejection.detail});
    case auth::v1::REJECTION_REASON_ORIGIN_NOT_ALLOWED:
      return Forbidden(rejection.detail);
    default:
      return Unauthorized({"invalid_token", rejection.detail});
  }
}

// What waits for a verdict.
struct Question {
  http::Request request;
  http::Responder responder;
  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

}  // namespace

void ForwardAuthHandler::Handle(http::Request request, http::Responder responder) {
  const auto credential = CredentialOf(request.head);
  if (const auto* challenge = std::get_if<Challenge>(&credential)) {
    metrics_.Count(auth::ValidationResult::kMalformed, absl::ZeroDuration());
    return responder.Send(Unauthorized(*challenge));
  }
  // Keeps the bytes that the credential views.
  const auto question = std::make_shared<Question>(Question{std::move(request), std::move(responder)});
  verifier_.Verify(std::get<auth::Credential>(credential), [this, question](const Verdict& verdict) {
    const auto took = std::chrono::steady_clock::now() - question->start;
    metrics_.Count(ResultOf(verdict), absl::FromChrono(took));
    question->responder.Send(Answer(verdict));
  });
}

http::Response ForwardAuthHandler::Refuse(const http::RequestHead* /*head*/, const http::Refusal& refusal) {
  logger_.Warning("http_refused", {{"status", refusal.status}, {"reason", refusal.detail}});
  return Refused(refusal.status, refusal.detail);
}

http::Response ForwardAuthHandler::Answer(const Verdict& verdict) const {
  if (!verdict.ok()) {
    logger_.Error("token_undecided", {{"outcome", "unavailable"}, {"reason", std::string(verdict.status().message())}});
    return Undecided();
  }
  if (!verdict->ok()) {
    const Rejection& rejection = verdict->rejection();
    logger_.Warning("token_rejected", {{"outcome", "rejected"},
                                       {"reason", auth::v1::RejectionReason_Name(rejection.reason)},
                                       {"detail", rejection.detail}});
    return Reject(rejection);
  }
  const absl::StatusOr<std::string> subject = SubjectForHeader((*verdict)->claims().subject());
  if (!subject.ok()) return Forbidden(std::string(subject.status().message()));
  return Pass(*subject);
}

}  // namespace verifier
