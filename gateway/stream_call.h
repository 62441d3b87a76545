#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/mutex.h"
#include "common/http/stream.h"
#include "gateway/answers.h"
#include "gateway/auth_mode.h"
#include "gateway/exchange.h"
#include "gateway/stream_format.h"
#include "gateway/upstream.h"

namespace gateway {

// One server-streaming call, from its first message to its end:
//
//   upstream message -> JSON -> StreamFormat -> the client, which asks for the next one by taking this one
//
// Where the method's options say how, a call whose upstream goes away is made again from the last event id.
// Thread-safe.
class StreamCall : public StreamReader, public std::enable_shared_from_this<StreamCall> {
 public:
  // `answers` and `upstream` must outlive this. `path_values` are kept for calls that are made again.
  StreamCall(ExchangePtr exchange, std::vector<std::string> path_values, const AuthMode& auth_mode,
             StreamFormat::Kind kind, const Answers& answers, Upstream& upstream);

  // Starts the call, or answers why not. To be called inside Handler::Handle().
  void Begin();
  // Ends it, with 503 for the client to come back elsewhere.
  void EndForShutdown();

  void OnStarted() override;
  void OnMessage(grpc::Slice message) override;
  void OnDone(grpc::Status status) override;

 private:
  void CallUpstream(std::shared_ptr<const UpstreamRequest> request);
  // Whether the call goes on with another one.
  bool Resume(const grpc::Status& status);
  void MakeAgain();
  void Next();
  void Cancel();
  std::shared_ptr<http::Stream> stream() EXCLUDES(mutex_);
  bool WriteMessage(std::string_view bytes);
  void Finish(const std::optional<Problem>& problem);

  const ExchangePtr exchange_;
  const std::vector<std::string> path_values_;
  const AuthMode auth_mode_;
  const Answers& answers_;
  Upstream& upstream_;
  StreamFormat format_;
  std::string last_event_id_;  // the last one sent, or what the client began with
  int tries_ = 0;              // since the last message

  common::Mutex mutex_;
  std::shared_ptr<http::Stream> stream_ GUARDED_BY(mutex_);  // until the end
  int calls_ GUARDED_BY(mutex_) = 0;
  std::shared_ptr<UpstreamStream> call_ GUARDED_BY(mutex_);
  bool is_cancelled_ GUARDED_BY(mutex_) = false;
};

}  // namespace gateway
