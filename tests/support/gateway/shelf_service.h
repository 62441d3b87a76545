#pragma once

#include "common/core/mutex.h"
#include "gateway_testing/v1/shelf_service.grpc.pb.h"

namespace gateway_testing {

// Answers each call with what arrived. Hang waits until it is cancelled.
class ShelfService final : public v1::ShelfService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetBook(grpc::CallbackServerContext* context, const v1::BookRequest* request,
                                    v1::BookAnswer* answer) override;
  grpc::ServerUnaryReactor* GetCatalog(grpc::CallbackServerContext* context, const v1::BookRequest* request,
                                       v1::BookAnswer* answer) override;
  grpc::ServerUnaryReactor* Hidden(grpc::CallbackServerContext* context, const v1::BookRequest* request,
                                   v1::BookAnswer* answer) override;
  grpc::ServerUnaryReactor* CreateBook(grpc::CallbackServerContext* context, const v1::BookRequest* request,
                                       v1::BookAnswer* answer) override;
  grpc::ServerUnaryReactor* UpdateBook(grpc::CallbackServerContext* context, const v1::BookRequest* request,
                                       v1::BookAnswer* answer) override;
  grpc::ServerUnaryReactor* MergeBook(grpc::CallbackServerContext* context, const v1::BookRequest* request,
                                      v1::BookAnswer* answer) override;
  grpc::ServerUnaryReactor* SetTags(grpc::CallbackServerContext* context, const v1::BookRequest* request,
                                    v1::BookAnswer* answer) override;
  grpc::ServerUnaryReactor* DeleteBook(grpc::CallbackServerContext* context, const v1::BookRequest* request,
                                       v1::BookAnswer* answer) override;
  grpc::ServerUnaryReactor* Fail(grpc::CallbackServerContext* context, const v1::FailRequest* request,
                                 v1::BookAnswer* answer) override;
  grpc::ServerUnaryReactor* Hang(grpc::CallbackServerContext* context, const v1::BookRequest* request,
                                 v1::BookAnswer* answer) override;

  // Waits until so many calls of Hang have begun, or have been cancelled; false after five seconds.
  bool AwaitHanging(int count) EXCLUDES(mutex_);
  bool AwaitCancelled(int count) EXCLUDES(mutex_);

  void CountHanging() EXCLUDES(mutex_);
  void CountCancelled() EXCLUDES(mutex_);

 private:
  common::Mutex mutex_;
  common::CondVar changed_;
  int hanging_ GUARDED_BY(mutex_) = 0;
  int cancelled_ GUARDED_BY(mutex_) = 0;
};

}  // namespace gateway_testing
