#include "services/verifier/http_client.h"

#include <curl/curl.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace verifier {
namespace {

long Milliseconds(absl::Duration duration) {
  return static_cast<long>(std::max<int64_t>(0, absl::ToInt64Milliseconds(duration)));
}

// Shortens `max_age` by one `Cache-Control` line; a number may stand in quotes (RFC 9111 section 5.2).
void TakeMaxAge(absl::string_view cache_control, std::optional<absl::Duration>* max_age) {
  for (absl::string_view directive : absl::StrSplit(cache_control, ',')) {
    directive = absl::StripAsciiWhitespace(directive);
    constexpr absl::string_view kName = "max-age=";
    if (!absl::StartsWithIgnoreCase(directive, kName)) continue;
    directive.remove_prefix(kName.size());
    if (absl::ConsumePrefix(&directive, "\"")) absl::ConsumeSuffix(&directive, "\"");
    int64_t seconds = 0;
    if (!absl::SimpleAtoi(directive, &seconds) || seconds < 0) continue;
    *max_age = std::min(max_age->value_or(absl::InfiniteDuration()), absl::Seconds(seconds));
  }
}

}  // namespace

// One request: what libcurl writes to, and its handle.
struct HttpClient::Transfer {
  RequestId id = 0;
  CURL* easy = nullptr;
  CURLM* multi = nullptr;
  curl_slist* headers = nullptr;
  size_t max_body_bytes = 0;
  bool is_too_large = false;
  HttpAnswer answer;
  char error[CURL_ERROR_SIZE] = "";

  ~Transfer() {
    if (multi != nullptr) curl_multi_remove_handle(multi, easy);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
  }

  absl::StatusOr<HttpAnswer> Outcome(CURLcode code) {
    if (is_too_large) {
      return absl::FailedPreconditionError(absl::StrCat("the answer is larger than ", max_body_bytes, " bytes"));
    }
    if (code != CURLE_OK) return absl::UnavailableError(error[0] != '\0' ? error : curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    return std::move(answer);
  }

  static size_t OnBody(char* data, size_t, size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.answer.body.size() + size > transfer.max_body_bytes) {
      transfer.is_too_large = true;
      return 0;  // ends the transfer
    }
    transfer.answer.body.append(data, size);
    return size;
  }

  static size_t OnHeader(char* data, size_t, size_t size, void* self) {
    HttpAnswer& answer = static_cast<Transfer*>(self)->answer;
    const absl::string_view line(data, size);
    const size_t colon = line.find(':');
    if (colon == absl::string_view::npos) return size;
    const absl::string_view name = line.substr(0, colon);
    const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
    if (absl::EqualsIgnoreCase(name, "etag")) answer.etag = std::string(value);
    if (absl::EqualsIgnoreCase(name, "cache-control")) TakeMaxAge(value, &answer.max_age);
    return size;
  }
};

HttpClient::HttpClient() {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi_ = curl_multi_init();
}

HttpClient::~HttpClient() {
  transfers_.clear();
  curl_multi_cleanup(multi_);
}

HttpClient::RequestId HttpClient::Start(const HttpRequest& request) {
  auto transfer = std::make_unique<Transfer>();
  CURL* easy = transfer->easy = curl_easy_init();
  transfer->id = ++last_id_;
  transfer->max_body_bytes = request.max_body_bytes;
  for (const std::string& header : request.headers) {
    transfer->headers = curl_slist_append(transfer->headers, header.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  if (!request.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, request.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, Milliseconds(request.connect_timeout));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, Milliseconds(request.total_timeout));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer.get());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer.get());
  curl_multi_add_handle(multi_, easy);
  transfer->multi = multi_;
  transfers_.emplace(easy, std::move(transfer));
  return last_id_;
}

std::vector<HttpClient::Finished> HttpClient::Wait(absl::Duration timeout) {
  std::vector<Finished> finished;
  const auto collect = [&] {
    int running = 0;
    curl_multi_perform(multi_, &running);
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto found = transfers_.find(message->easy_handle);
      finished.push_back({found->second->id, found->second->Outcome(message->data.result)});
      transfers_.erase(found);
    }
  };
  collect();
  if (finished.empty()) {
    curl_multi_poll(multi_, nullptr, 0, static_cast<int>(Milliseconds(timeout)), nullptr);
    collect();
  }
  return finished;
}

void HttpClient::Wake() { curl_multi_wakeup(multi_); }

}  // namespace verifier
