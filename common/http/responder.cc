#include "common/http/responder.h"

#include <utility>

#include "common/http/session.h"

namespace http {

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    if (session_ != nullptr) Session::Dropped(std::move(session_));
    session_ = std::move(other.session_);
  }
  return *this;
}

Responder::~Responder() {
  if (session_ != nullptr) Session::Dropped(std::move(session_));
}

void Responder::Send(Response response) {
  if (session_ != nullptr) Session::Answer(std::move(session_), std::move(response));
}

std::unique_ptr<Stream> Responder::BeginStream(StreamOptions options) {
  if (session_ == nullptr) return nullptr;
  std::shared_ptr<StreamState> state = Session::BeginStream(session_, std::move(options));
  if (state == nullptr) return nullptr;
  return std::make_unique<Stream>(std::move(session_), std::move(state));
}

void Responder::OnClientGone(std::function<void()> on_gone) {
  if (session_ != nullptr) session_->SetOnClientGone(std::move(on_gone));
}

}  // namespace http
