#include "services/verifier/session_verifier.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace verifier {
namespace {

constexpr size_t kMaxCredentialBytes = 8 * 1024;

Rejection Malformed(std::string detail) { return {auth::v1::REJECTION_REASON_MALFORMED, std::move(detail)}; }

// What a cookie's value may hold (RFC 6265 section 4.1.1): nothing that could begin another header.
bool IsCookieOctet(char c) { return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\'; }

// The cookies that Better Auth keeps sessions in; over https their name has the prefix that binds it to https.
bool IsSessionCookie(absl::string_view name) {
  return name == "better-auth.session_token" || name == "__Secure-better-auth.session_token";
}

OrRejection<std::string> CookieLine(std::string_view header) {
  std::vector<absl::string_view> cookies;
  for (absl::string_view cookie : absl::StrSplit(absl::string_view(header.data(), header.size()), ';')) {
    cookie = absl::StripAsciiWhitespace(cookie);
    const size_t equals = cookie.find('=');
    if (equals == absl::string_view::npos || !IsSessionCookie(cookie.substr(0, equals))) continue;
    const absl::string_view value = cookie.substr(equals + 1);
    if (!std::all_of(value.begin(), value.end(), IsCookieOctet)) {
      return Malformed("the session cookie holds characters that a cookie cannot hold");
    }
    for (const absl::string_view other : cookies) {
      if (absl::StartsWith(other, cookie.substr(0, equals + 1))) return Malformed("the session cookie stands twice");
    }
    cookies.push_back(cookie);
  }
  if (cookies.empty()) {
    return Rejection{auth::v1::REJECTION_REASON_MISSING_CREDENTIAL, "the request has no session cookie"};
  }
  return absl::StrCat("Cookie: ", absl::StrJoin(cookies, "; "));
}

OrRejection<std::string> AuthorizationLine(std::string_view token) {
  if (!std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; })) {
    return Malformed("the session token holds characters that a header cannot hold");
  }
  return absl::StrCat("Authorization: Bearer ", absl::string_view(token.data(), token.size()));
}

// The header line that shows the credential to Better Auth.
OrRejection<std::string> HeaderLine(const auth::Credential& credential) {
  if (std::max(credential.token.size(), credential.cookie.size()) > kMaxCredentialBytes) {
    return Rejection{auth::v1::REJECTION_REASON_TOO_LARGE,
                     absl::StrCat("the credential is longer than ", kMaxCredentialBytes, " bytes")};
  }
  return credential.token.empty() ? CookieLine(credential.cookie) : AuthorizationLine(credential.token);
}

}  // namespace

SessionVerifier::SessionVerifier(Options options, SessionClient& client, const common::Clock& clock)
    : options_(std::move(options)),
      client_(client),
      clock_(clock),
      cache_(options_.cache_entries, options_.cache_bytes) {}

void SessionVerifier::Verify(const auth::Credential& credential, VerdictCallback done) {
  OrRejection<std::string> line = HeaderLine(credential);
  if (!line.ok()) return done(OrRejection<VerifiedToken>(line.rejection()));
  if (credential.token.empty() && !IsAllowedOrigin(credential.origin)) {
    return done(OrRejection<VerifiedToken>(
        Rejection{auth::v1::REJECTION_REASON_ORIGIN_NOT_ALLOWED,
                  "the session cookie came without an `Origin`, or from one that is not allowed"}));
  }
  const common::Sha256Digest digest = common::Sha256(*line);
  if (const std::shared_ptr<const Vouched> known = cache_.Find(digest)) {
    if (IsStillBelieved(*known)) return done(OrRejection<VerifiedToken>(known->token));
    cache_.Erase(digest);
  }
  if (!flights_.Join(digest, std::move(done))) return;
  client_.Ask(*std::move(line), [this, digest, asked = clock_.Now()](const SessionClient::Answer& answer) {
    if (!answer.ok()) return flights_.Land(digest, answer.status());
    if (!*answer || (*answer)->expire_time <= clock_.Now()) {
      return flights_.Land(
          digest, OrRejection<VerifiedToken>(Rejection{auth::v1::REJECTION_REASON_INVALID_SESSION,
                                                       "there is no such session, or it has ended; sign in again"}));
    }
    flights_.Land(digest, Vouch(digest, **answer, asked));
  });
}

bool SessionVerifier::IsAllowedOrigin(std::string_view origin) const {
  const std::vector<std::string>& allowed = options_.allowed_origins;
  return !origin.empty() && std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

bool SessionVerifier::IsStillBelieved(const Vouched& vouched) const {
  const absl::Time now = clock_.Now();
  // A clock that was set back ends it too: else it would be believed for longer.
  return vouched.asked <= now && now < vouched.believed_until;
}

OrRejection<VerifiedToken> SessionVerifier::Vouch(const common::Sha256Digest& digest, const Session& session,
                                                  absl::Time asked) {
  auth::v1::VerifiedToken message;
  message.set_subject(session.user_id);
  message.set_issuer(options_.issuer);
  message.set_email(session.email);
  message.set_name(session.name);
  message.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(session.expire_time));
  const size_t bytes = 512 + 2 * message.ByteSizeLong();
  const VerifiedToken token(std::move(message), /*cache_for=*/absl::ZeroDuration());
  const absl::Time believed_until = std::min(asked + options_.cache_for, session.expire_time);
  cache_.Insert(
      digest,
      std::make_shared<const Vouched>(Vouched{.token = token, .asked = asked, .believed_until = believed_until}),
      bytes);
  return token;
}

}  // namespace verifier
