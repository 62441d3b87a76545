#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/core/mutex.h"
#include "services/verifier/http_client.h"

namespace verifier {

// What Better Auth knows about a session.
struct Session {
  std::string user_id;
  // Empty where the user has none.
  std::string email = {};
  std::string name = {};
  absl::Time expire_time = absl::InfinitePast();
};

// Asks a Better Auth instance about sessions (`GET /api/auth/get-session`), many at once, on one thread of its own.
// Thread-safe.
class SessionClient {
 public:
  struct Options {
    // Of `get-session`.
    std::string url;
    absl::Duration timeout = absl::Seconds(2);
    // More questions than this at once are UNAVAILABLE.
    size_t max_waiting = 256;
    // See HttpRequest.
    std::string ca_file = {};
  };
  // Nothing where there is no such session or it has ended; UNAVAILABLE where that could not be found out.
  using Answer = absl::StatusOr<std::optional<Session>>;
  using Callback = std::function<void(Answer)>;

  explicit SessionClient(Options options);
  // Ends the questions under way with UNAVAILABLE.
  ~SessionClient();

  // `header` is a whole line that holds the session, `Authorization: …` or `Cookie: …`, without line breaks. Calls
  // `done` exactly once, perhaps before this returns.
  void Ask(std::string header, Callback done) EXCLUDES(mutex_);

 private:
  struct Question {
    std::string header;
    Callback done;
  };

  void Run();
  bool StartQuestions() EXCLUDES(mutex_);

  const Options options_;

  // Owned by the thread, except for Wake().
  HttpClient client_;
  std::unordered_map<HttpClient::RequestId, Callback> under_way_;

  common::Mutex mutex_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::vector<Question> questions_ GUARDED_BY(mutex_);
  size_t waiting_ GUARDED_BY(mutex_) = 0;

  std::thread thread_;
};

}  // namespace verifier
