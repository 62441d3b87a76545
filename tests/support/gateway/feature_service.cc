#include "tests/support/gateway/feature_service.h"

#include <grpcpp/alarm.h>

#include <atomic>
#include <chrono>
#include <cstdlib>

namespace gateway_testing {
namespace {

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status = grpc::Status::OK) {
  auto* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

grpc::Status ToStatus(int code) {
  return code == 0 ? grpc::Status::OK : grpc::Status(static_cast<grpc::StatusCode>(code), "as it was told");
}

class WatchReactor : public grpc::ServerWriteReactor<v1::WatchResponse>, public FeatureService::Watcher {
 public:
  WatchReactor(FeatureService& service, const v1::WatchRequest& request)
      : service_(service), request_(request), next_(std::atoi(request.after().c_str()) + 1) {
    service_.Began(this);
    if (request_.greets()) {
      StartSendInitialMetadata();
    } else {
      Step();
    }
  }

  void OnSendInitialMetadataDone(bool) override { Step(); }
  void OnWriteDone(bool ok) override {
    if (ok) return Step();
    End(grpc::Status::CANCELLED);
  }
  void OnCancel() override {
    is_cancelled_ = true;
    // The end of a pause or a write that is under way comes here too.
    if (!is_sending_) End(grpc::Status::CANCELLED);
  }
  void OnDone() override {
    service_.Ended(this);
    delete this;
  }
  void End(const grpc::Status& status) override {
    if (!ended_.exchange(true)) Finish(status);
  }

 private:
  void Step() {
    if (next_ > request_.count()) {
      is_sending_ = false;
      if (!request_.stays() || is_cancelled_) End(ToStatus(request_.status_code()));
      return;
    }
    response_.set_id(std::to_string(next_++));
    response_.set_padding(std::string(static_cast<size_t>(request_.padding()), 'x'));
    if (request_.pause_ms() == 0) return StartWrite(&response_);
    pause_.Set(std::chrono::system_clock::now() + std::chrono::milliseconds(request_.pause_ms()),
               [this](bool) { StartWrite(&response_); });
  }

  FeatureService& service_;
  const v1::WatchRequest request_;
  int next_;
  std::atomic<bool> is_sending_{true};
  std::atomic<bool> is_cancelled_{false};
  std::atomic<bool> ended_{false};
  v1::WatchResponse response_;
  grpc::Alarm pause_;
};

class PartsReactor : public grpc::ServerWriteReactor<google::api::HttpBody> {
 public:
  explicit PartsReactor(const v1::DownloadRequest& request) : request_(request) { OnWriteDone(true); }

  void OnWriteDone(bool ok) override {
    if (!ok || sent_ == request_.size()) return Finish(ToStatus(request_.status_code()));
    part_.set_content_type(request_.content_type());
    part_.set_data("part " + std::to_string(++sent_) + "\n");
    StartWrite(&part_);
  }
  void OnDone() override { delete this; }

 private:
  const v1::DownloadRequest request_;
  int sent_ = 0;
  google::api::HttpBody part_;
};

}  // namespace

grpc::ServerUnaryReactor* FeatureService::EchoKinds(Context* context, const v1::Kinds* request, v1::Kinds* answer) {
  *answer = *request;
  return Finish(context);
}

grpc::ServerUnaryReactor* FeatureService::GetNote(Context* context, const v1::GetNoteRequest* request,
                                                  v1::GetNoteResponse* answer) {
  common::MutexLock lock(mutex_);
  const auto found = notes_.find(request->id());
  if (found == notes_.end()) return Finish(context, grpc::Status(grpc::StatusCode::NOT_FOUND, "no such note"));
  *answer->mutable_note() = found->second;
  return Finish(context);
}

grpc::ServerUnaryReactor* FeatureService::PutNote(Context* context, const v1::PutNoteRequest* request,
                                                  v1::PutNoteResponse* answer) {
  common::MutexLock lock(mutex_);
  v1::Note& note = notes_[request->note().id()];
  if (!request->etag().empty() && request->etag() != note.etag()) {
    return Finish(context, grpc::Status(grpc::StatusCode::ABORTED, "the note was changed"));
  }
  note = request->note();
  note.set_etag("v" + std::to_string(++versions_));
  *answer->mutable_note() = note;
  if (!request->idempotency_key().empty()) answer->mutable_note()->set_text("key " + request->idempotency_key());
  return Finish(context);
}

grpc::ServerWriteReactor<v1::WatchResponse>* FeatureService::Watch(Context*, const v1::WatchRequest* request) {
  v1::WatchRequest copy = *request;
  {
    common::MutexLock lock(mutex_);
    if (next_count_ > 0) copy.set_count(next_count_);
  }
  return new WatchReactor(*this, copy);
}

grpc::ServerUnaryReactor* FeatureService::Download(Context* context, const v1::DownloadRequest* request,
                                                   google::api::HttpBody* answer) {
  answer->set_content_type(request->content_type());
  answer->set_data(request->size() > 0 ? std::string(static_cast<size_t>(request->size()), 'x') : request->name());
  return Finish(context);
}

grpc::ServerWriteReactor<google::api::HttpBody>* FeatureService::DownloadParts(Context*,
                                                                               const v1::DownloadRequest* request) {
  return new PartsReactor(*request);
}

grpc::ServerUnaryReactor* FeatureService::Upload(Context* context, const v1::UploadRequest* request,
                                                 v1::UploadResponse* answer) {
  answer->set_name(request->name());
  answer->set_content_type(request->file().content_type());
  answer->set_size(std::to_string(request->file().data().size()));
  return Finish(context);
}

grpc::ServerUnaryReactor* FeatureService::Reflect(Context* context, const google::api::HttpBody* request,
                                                  google::api::HttpBody* answer) {
  *answer = *request;
  return Finish(context);
}

grpc::ServerUnaryReactor* FeatureService::Flaky(Context* context, const v1::FlakyRequest* request,
                                                v1::FlakyResponse* answer) {
  common::MutexLock lock(mutex_);
  const int calls = ++calls_[request->name()];
  if (calls <= request->failures()) return Finish(context, grpc::Status(grpc::StatusCode::UNAVAILABLE, "not now"));
  answer->set_calls(calls);
  return Finish(context);
}

bool FeatureService::AwaitWatching(int count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  common::MutexLock lock(mutex_);
  while (watchers_.size() != static_cast<size_t>(count)) {
    if (!changed_.WaitUntil(mutex_, deadline)) return false;
  }
  return true;
}

void FeatureService::EndWatching(const grpc::Status& status, int next_count) {
  common::MutexLock lock(mutex_);
  next_count_ = next_count;
  for (Watcher* watcher : watchers_) watcher->End(status);
}

int FeatureService::watched() const {
  common::MutexLock lock(mutex_);
  return watched_;
}

void FeatureService::Began(Watcher* watcher) {
  common::MutexLock lock(mutex_);
  watchers_.insert(watcher);
  ++watched_;
  changed_.NotifyAll();
}

void FeatureService::Ended(Watcher* watcher) {
  common::MutexLock lock(mutex_);
  watchers_.erase(watcher);
  changed_.NotifyAll();
}

}  // namespace gateway_testing
