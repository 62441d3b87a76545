#include "common/http/stream.h"

#include <utility>

#include "common/http/session.h"

namespace http {

Stream::Stream(std::shared_ptr<Session> session, std::shared_ptr<StreamState> state)
    : session_(std::move(session)), state_(std::move(state)) {}

Stream::~Stream() {
  Finish(std::nullopt, std::nullopt);
  Session::LetGo(std::move(session_));
}

void Stream::Write(std::string bytes, std::function<void()> ready) {
  Session::WriteStream(session_, state_, std::move(bytes), std::move(ready));
}

void Stream::ReplaceHead(Response head) { Session::ReplaceStreamHead(session_, state_, std::move(head)); }

void Stream::ReleaseHead(absl::Duration delay) { Session::ReleaseStreamHead(session_, state_, delay); }

void Stream::End(std::string last) { Finish(std::nullopt, std::move(last)); }

void Stream::Fail(Response instead, std::string last) { Finish(std::move(instead), std::move(last)); }

void Stream::FailOrCut(Response instead) { Finish(std::move(instead), std::nullopt); }

void Stream::Finish(std::optional<Response> instead, std::optional<std::string> last) {
  if (!is_ended_.exchange(true)) Session::EndStream(session_, std::move(instead), std::move(last));
}

}  // namespace http
