#pragma once

#include <map>
#include <set>
#include <string>

#include "common/core/mutex.h"
#include "gateway_testing/v1/feature_service.grpc.pb.h"

namespace gateway_testing {

// Does what its proto says. Thread-safe.
class FeatureService final : public v1::FeatureService::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;

  grpc::ServerUnaryReactor* EchoKinds(Context* context, const v1::Kinds* request, v1::Kinds* answer) override;
  grpc::ServerUnaryReactor* GetNote(Context* context, const v1::GetNoteRequest* request,
                                    v1::GetNoteResponse* answer) override;
  grpc::ServerUnaryReactor* PutNote(Context* context, const v1::PutNoteRequest* request,
                                    v1::PutNoteResponse* answer) override;
  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(Context* context, const v1::WatchRequest* request) override;
  grpc::ServerUnaryReactor* Download(Context* context, const v1::DownloadRequest* request,
                                     google::api::HttpBody* answer) override;
  grpc::ServerWriteReactor<google::api::HttpBody>* DownloadParts(Context* context,
                                                                 const v1::DownloadRequest* request) override;
  grpc::ServerUnaryReactor* Upload(Context* context, const v1::UploadRequest* request,
                                   v1::UploadResponse* answer) override;
  grpc::ServerUnaryReactor* Reflect(Context* context, const google::api::HttpBody* request,
                                    google::api::HttpBody* answer) override;
  grpc::ServerUnaryReactor* Flaky(Context* context, const v1::FlakyRequest* request,
                                  v1::FlakyResponse* answer) override;

  // How many Watch calls are open; waits until it is so many, five seconds at most.
  bool AwaitWatching(int count) EXCLUDES(mutex_);
  // Ends the Watch calls that stay open, and has those that come behind send so many events.
  void EndWatching(const grpc::Status& status, int next_count) EXCLUDES(mutex_);

  // How many Watch calls there were.
  int watched() const EXCLUDES(mutex_);

  // For the calls themselves.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void End(const grpc::Status& status) = 0;
  };
  void Began(Watcher* watcher) EXCLUDES(mutex_);
  void Ended(Watcher* watcher) EXCLUDES(mutex_);

 private:
  mutable common::Mutex mutex_;
  common::CondVar changed_;
  std::map<std::string, v1::Note> notes_ GUARDED_BY(mutex_);
  std::map<std::string, int> calls_ GUARDED_BY(mutex_);
  int versions_ GUARDED_BY(mutex_) = 0;
  std::set<Watcher*> watchers_ GUARDED_BY(mutex_);
  int next_count_ GUARDED_BY(mutex_) = 0;
  int watched_ GUARDED_BY(mutex_) = 0;
};

}  // namespace gateway_testing
