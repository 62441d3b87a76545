#include "services/verifier/jwks_fetcher.h"

#include "absl/strings/str_cat.h"

namespace verifier {
namespace {

absl::StatusOr<JwksResponse> ToResponse(absl::StatusOr<HttpAnswer> answer) {
  if (!answer.ok()) return answer.status();
  if (answer->status != 200 && answer->status != 304) {
    return absl::FailedPreconditionError(absl::StrCat("the answer's status is ", answer->status, ", not 200"));
  }
  return JwksResponse{.not_modified = answer->status == 304,
                      .body = std::move(answer->body),
                      .etag = std::move(answer->etag),
                      .max_age = answer->max_age};
}

}  // namespace

void JwksFetcher::Start(const std::string& etag) {
  HttpRequest request{.url = options_.url,
                      .headers = {"Accept: application/json"},
                      .connect_timeout = options_.connect_timeout,
                      .total_timeout = options_.total_timeout,
                      .max_body_bytes = options_.max_body_bytes,
                      .ca_file = options_.ca_file};
  if (!etag.empty()) request.headers.push_back(absl::StrCat("If-None-Match: ", etag));
  client_.Start(request);
}

std::optional<absl::StatusOr<JwksResponse>> JwksFetcher::Wait(absl::Duration timeout) {
  std::vector<HttpClient::Finished> finished = client_.Wait(timeout);
  if (finished.empty()) return std::nullopt;
  return ToResponse(std::move(finished.front().answer));
}

}  // namespace verifier
