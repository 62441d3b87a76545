#include "services/verifier/jwks_fetcher.h"

#include <curl/curl.h>

#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace verifier {
namespace {

long Milliseconds(absl::Duration duration) {
  return static_cast<long>(std::max<int64_t>(0, absl::ToInt64Milliseconds(duration)));
}

std::optional<absl::Duration> MaxAge(absl::string_view cache_control) {
  for (absl::string_view directive : absl::StrSplit(cache_control, ',')) {
    directive = absl::StripAsciiWhitespace(directive);
    constexpr absl::string_view kName = "max-age=";
    int64_t seconds = 0;
    if (absl::StartsWithIgnoreCase(directive, kName) && absl::SimpleAtoi(directive.substr(kName.size()), &seconds) &&
        seconds >= 0) {
      return absl::Seconds(seconds);
    }
  }
  return std::nullopt;
}

}  // namespace

// One fetch: what libcurl writes to, and its handle.
struct JwksFetcher::Transfer {
  CURL* easy = nullptr;
  CURLM* multi = nullptr;
  curl_slist* request_headers = nullptr;
  size_t max_body_bytes = 0;
  bool is_too_large = false;
  JwksResponse response;
  char error[CURL_ERROR_SIZE] = "";

  ~Transfer() {
    if (multi != nullptr) curl_multi_remove_handle(multi, easy);
    curl_slist_free_all(request_headers);
    curl_easy_cleanup(easy);
  }

  static size_t OnBody(char* data, size_t, size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.response.body.size() + size > transfer.max_body_bytes) {
      transfer.is_too_large = true;
      return 0;  // ends the transfer
    }
    transfer.response.body.append(data, size);
    return size;
  }

  static size_t OnHeader(char* data, size_t, size_t size, void* self) {
    auto& response = static_cast<Transfer*>(self)->response;
    const absl::string_view line(data, size);
    const size_t colon = line.find(':');
    if (colon == absl::string_view::npos) return size;
    const absl::string_view name = line.substr(0, colon);
    const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
    if (absl::EqualsIgnoreCase(name, "etag")) response.etag = std::string(value);
    if (absl::EqualsIgnoreCase(name, "cache-control")) response.max_age = MaxAge(value);
    return size;
  }
};

JwksFetcher::JwksFetcher(Options options) : options_(std::move(options)) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi_ = curl_multi_init();
}

JwksFetcher::~JwksFetcher() {
  transfer_ = nullptr;
  curl_multi_cleanup(multi_);
}

bool JwksFetcher::IsUnderWay() const { return transfer_ != nullptr; }

void JwksFetcher::Start(const std::string& etag) {
  transfer_ = std::make_unique<Transfer>();
  Transfer& transfer = *transfer_;
  transfer.max_body_bytes = options_.max_body_bytes;
  CURL* easy = transfer.easy = curl_easy_init();
  transfer.request_headers = curl_slist_append(nullptr, "Accept: application/json");
  if (!etag.empty()) {
    transfer.request_headers =
        curl_slist_append(transfer.request_headers, absl::StrCat("If-None-Match: ", etag).c_str());
  }
  curl_easy_setopt(easy, CURLOPT_URL, options_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.request_headers);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, Milliseconds(options_.connect_timeout));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, Milliseconds(options_.total_timeout));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_multi_add_handle(multi_, easy);
  transfer.multi = multi_;
}

std::optional<absl::StatusOr<JwksResponse>> JwksFetcher::Wait(absl::Duration timeout) {
  int running = 0;
  curl_multi_perform(multi_, &running);
  int queued = 0;
  const CURLMsg* message = curl_multi_info_read(multi_, &queued);
  if (message == nullptr) {
    curl_multi_poll(multi_, nullptr, 0, static_cast<int>(Milliseconds(timeout)), nullptr);
    curl_multi_perform(multi_, &running);
    message = curl_multi_info_read(multi_, &queued);
  }
  if (message == nullptr || message->msg != CURLMSG_DONE) return std::nullopt;
  absl::StatusOr<JwksResponse> outcome = Outcome(message->data.result);
  transfer_ = nullptr;
  return outcome;
}

void JwksFetcher::Wake() { curl_multi_wakeup(multi_); }

absl::StatusOr<JwksResponse> JwksFetcher::Outcome(int curl_code) {
  if (transfer_->is_too_large) {
    return absl::FailedPreconditionError(absl::StrCat("the answer is larger than ", options_.max_body_bytes, " bytes"));
  }
  if (curl_code != CURLE_OK) {
    const char* why =
        transfer_->error[0] != '\0' ? transfer_->error : curl_easy_strerror(static_cast<CURLcode>(curl_code));
    return absl::UnavailableError(why);
  }
  long status = 0;
  curl_easy_getinfo(transfer_->easy, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200 && status != 304) {
    return absl::FailedPreconditionError(absl::StrCat("the answer's status is ", status, ", not 200"));
  }
  transfer_->response.not_modified = status == 304;
  return std::move(transfer_->response);
}

}  // namespace verifier
