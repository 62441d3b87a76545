#include "common/http/stream.h"

#include <optional>
#include <utility>

#include "common/http/session.h"

namespace http {

Stream::~Stream() {
  if (session_ != nullptr) Session::EndStream(std::move(session_), std::nullopt, std::nullopt);
}

void Stream::Write(std::string bytes, std::function<void()> ready) {
  Session::WriteStream(session_, std::move(bytes), std::move(ready));
}

void Stream::ReplaceHead(Response head) { Session::ReplaceStreamHead(session_, std::move(head)); }

void Stream::ReleaseHead(absl::Duration delay) { Session::ReleaseStreamHead(session_, delay); }

void Stream::End(std::string last) {
  if (session_ != nullptr) Session::EndStream(std::move(session_), std::nullopt, std::move(last));
}

void Stream::Fail(Response instead, std::string last) {
  if (session_ != nullptr) Session::EndStream(std::move(session_), std::move(instead), std::move(last));
}

void Stream::FailOrCut(Response instead) {
  if (session_ != nullptr) Session::EndStream(std::move(session_), std::move(instead), std::nullopt);
}

}  // namespace http
