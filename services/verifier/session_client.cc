#include "services/verifier/session_client.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/json/json_document.h"

namespace verifier {
namespace {

using simdjson::dom::element;

absl::Status NoSession() {
  return absl::UnavailableError("the answer of get-session holds neither null nor a session of a user");
}

// `null`, or `{"session":{"expiresAt":…},"user":{"id":…,"email":…,"name":…}}`.
SessionClient::Answer ParseSession(std::string_view body) {
  const absl::StatusOr<json::Document> document = json::Document::Parse(body);
  if (!document.ok()) {
    return absl::UnavailableError(absl::StrCat("the answer of get-session ", document.status().message()));
  }
  const element root = document->root();
  if (root.is_null()) return std::optional<Session>();
  std::string_view user_id;
  std::string_view expires_at;
  if (root["user"]["id"].get(user_id) != simdjson::SUCCESS || user_id.empty() ||
      root["session"]["expiresAt"].get(expires_at) != simdjson::SUCCESS) {
    return NoSession();
  }
  Session session{.user_id = std::string(user_id)};
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, {expires_at.data(), expires_at.size()}, &session.expire_time, &error)) {
    return NoSession();
  }
  if (std::string_view text; root["user"]["email"].get(text) == simdjson::SUCCESS) session.email = std::string(text);
  if (std::string_view text; root["user"]["name"].get(text) == simdjson::SUCCESS) session.name = std::string(text);
  return std::optional<Session>(std::move(session));
}

SessionClient::Answer ToAnswer(const absl::StatusOr<HttpAnswer>& answer) {
  if (!answer.ok()) {
    return absl::UnavailableError(absl::StrCat("get-session is unreachable: ", answer.status().message()));
  }
  if (answer->status != 200) {
    return absl::UnavailableError(absl::StrCat("get-session answered with status ", answer->status));
  }
  return ParseSession(answer->body);
}

}  // namespace

SessionClient::SessionClient(Options options) : options_(std::move(options)), thread_([this] { Run(); }) {}

SessionClient::~SessionClient() {
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  client_.Wake();
  thread_.join();
  const absl::Status stopped = absl::UnavailableError("the verifier is stopping");
  for (auto& [id, done] : under_way_) done(stopped);
  for (Question& question : questions_) question.done(stopped);
}

void SessionClient::Ask(std::string header, Callback done) {
  {
    common::MutexLock lock(mutex_);
    if (!is_stopping_ && waiting_ < options_.max_waiting) {
      ++waiting_;
      questions_.push_back({std::move(header), std::move(done)});
      done = nullptr;
    }
  }
  if (done != nullptr) return done(absl::UnavailableError("too many sessions are being asked about"));
  client_.Wake();
}

void SessionClient::Run() {
  while (StartQuestions()) {
    for (HttpClient::Finished& finished : client_.Wait(absl::Hours(1))) {
      const auto found = under_way_.find(finished.id);
      const Callback done = std::move(found->second);
      under_way_.erase(found);
      {
        common::MutexLock lock(mutex_);
        --waiting_;
      }
      done(ToAnswer(finished.answer));
    }
  }
}

// False once the client stops.
bool SessionClient::StartQuestions() {
  std::vector<Question> questions;
  {
    common::MutexLock lock(mutex_);
    if (is_stopping_) return false;
    questions.swap(questions_);
  }
  for (Question& question : questions) {
    const HttpClient::RequestId id = client_.Start({.url = options_.url,
                                                    .headers = {"Accept: application/json", std::move(question.header)},
                                                    .total_timeout = options_.timeout,
                                                    .ca_file = options_.ca_file});
    under_way_.emplace(id, std::move(question.done));
  }
  return true;
}

}  // namespace verifier
