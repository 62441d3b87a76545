#include "services/todo/task_service.h"

#include <algorithm>
#include <utility>

#include "common/auth/authenticated_context.h"
#include "common/grpc/status_mapping.h"
#include "services/todo/task_errors.h"
#include "services/todo/task_validation.h"

namespace todo {
namespace {

// How long a call may take in all, and how much of that the database may take.
constexpr absl::Duration kCallTimeout = absl::Seconds(4);
constexpr absl::Duration kDatabaseTimeout = absl::Seconds(2);
// Where counting the matches of a filter stops.
constexpr int64_t kMaxFilteredCount = 1000;

Deadline DeadlineOf(const grpc::CallbackServerContext& context) {
  const absl::Duration left = absl::FromChrono(context.deadline()) - absl::FromChrono(std::chrono::system_clock::now());
  return DeadlineAfter(std::min(left, kCallTimeout));
}

// Puts the task of a StatusOr into a response.
template <typename Response>
absl::Status Answer(absl::StatusOr<v1::Task> task, Response& response) {
  if (!task.ok()) return task.status();
  *response.mutable_task() = *std::move(task);
  return absl::OkStatus();
}

// For requests that name a user and a task and nothing else.
template <typename Request>
absl::StatusOr<std::string> ValidateNamedTask(const Request& request) {
  return ValidateTaskId(request.user_id(), request.task_id());
}

TaskChange Completion() {
  TaskChange change;
  change.is_completed = true;
  return change;
}

TaskChange Toggling() {
  TaskChange change;
  change.toggles_completion = true;
  return change;
}

void SetCount(const TaskCounts& counts, const TaskListQuery& query, v1::ListTasksResponse& response) {
  const int64_t count = counts.Matching(query);
  const bool is_exact = !query.has_filter() || count <= kMaxFilteredCount;
  response.set_count(static_cast<int32_t>(is_exact ? count : kMaxFilteredCount));
  response.set_count_is_exact(is_exact);
}

}  // namespace

absl::Status TaskService::CheckOwner(const auth::Principal& principal, const std::string& user_id,
                                     const google::protobuf::Message& request) const {
  if (user_id == principal.user_id()) return absl::OkStatus();
  logger_.Warning("authz_fail", {{"request", request.GetTypeName()}, {"sub", principal.user_id()}});
  return ForbiddenUserAccess();
}

void TaskService::Submit(Context* context, Reactor* reactor, Work work) {
  workers_.Submit(
      [context, reactor, deadline = DeadlineOf(*context), work = std::move(work)](const absl::Status& admitted) {
        absl::Status status = admitted;
        if (!admitted.ok()) {
          status = DatabaseUnavailable(std::string(admitted.message()));
        } else if (context->IsCancelled()) {
          status = absl::CancelledError("the caller has gone away");
        } else if (HasPassed(deadline)) {
          status = TookTooLong();
        } else {
          status = work(std::min(deadline, DeadlineAfter(kDatabaseTimeout)));
        }
        reactor->Finish(common::ToGrpcStatus(status));
      });
}

template <typename Request, typename Validate, typename Run>
TaskService::Reactor* TaskService::ForOwner(Context* context, const Request& request, Validate validate, Run run) {
  return auth::Authenticated(context, [&](const auth::Principal& principal) {
    Reactor* reactor = context->DefaultReactor();
    absl::Status status = CheckOwner(principal, request.user_id(), request);
    if (!status.ok()) {
      reactor->Finish(common::ToGrpcStatus(status));
      return reactor;
    }
    auto valid = validate(request);
    if (!valid.ok()) {
      reactor->Finish(common::ToGrpcStatus(valid.status()));
      return reactor;
    }
    Submit(context, reactor,
           [valid = *std::move(valid), run = std::move(run)](Deadline deadline) { return run(valid, deadline); });
    return reactor;
  });
}

TaskService::Reactor* TaskService::GetMe(Context* context, const v1::GetMeRequest*, v1::GetMeResponse* response) {
  return auth::Authenticated(context, [&](const auth::Principal& principal) {
    response->set_user_id(principal.user_id());
    response->set_email(principal.email());
    response->set_name(principal.name());
    Reactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  });
}

TaskService::Reactor* TaskService::CreateTask(Context* context, const v1::CreateTaskRequest* request,
                                              v1::CreateTaskResponse* response) {
  return ForOwner(context, *request, ValidateCreate, [=, this](const NewTask& task, Deadline deadline) {
    return Answer(store_.Create(request->user_id(), task, deadline), *response);
  });
}

TaskService::Reactor* TaskService::ListTasks(Context* context, const v1::ListTasksRequest* request,
                                             v1::ListTasksResponse* response) {
  return ForOwner(context, *request, ValidateList, [=, this](const TaskListing& list, Deadline deadline) {
    return ListPage(*request, list.page_size, list.query, deadline, *response);
  });
}

TaskService::Reactor* TaskService::GetTaskMetrics(Context* context, const v1::GetTaskMetricsRequest* request,
                                                  v1::GetTaskMetricsResponse* response) {
  const auto validate = [](const v1::GetTaskMetricsRequest& metrics) -> absl::StatusOr<std::string> {
    if (absl::Status status = ValidateUserId(metrics.user_id()); !status.ok()) return status;
    return metrics.user_id();
  };
  return ForOwner(context, *request, validate, [=, this](const std::string& user_id, Deadline deadline) {
    return CountTasks(user_id, deadline, *response);
  });
}

TaskService::Reactor* TaskService::GetTask(Context* context, const v1::GetTaskRequest* request,
                                           v1::GetTaskResponse* response) {
  return ForOwner(context, *request, ValidateNamedTask<v1::GetTaskRequest>,
                  [=, this](const std::string& task_id, Deadline deadline) {
                    return Answer(store_.Get(request->user_id(), task_id, deadline), *response);
                  });
}

TaskService::Reactor* TaskService::ReplaceTask(Context* context, const v1::ReplaceTaskRequest* request,
                                               v1::ReplaceTaskResponse* response) {
  return ForOwner(context, *request, ValidateReplace, [=, this](const ChangeTask& replace, Deadline deadline) {
    return Answer(store_.Change(request->user_id(), replace.task_id, replace.change, deadline), *response);
  });
}

TaskService::Reactor* TaskService::UpdateTask(Context* context, const v1::UpdateTaskRequest* request,
                                              v1::UpdateTaskResponse* response) {
  return ForOwner(context, *request, ValidateUpdate, [=, this](const ChangeTask& update, Deadline deadline) {
    return Answer(store_.Change(request->user_id(), update.task_id, update.change, deadline), *response);
  });
}

TaskService::Reactor* TaskService::ToggleTask(Context* context, const v1::ToggleTaskRequest* request,
                                              v1::ToggleTaskResponse* response) {
  return ForOwner(context, *request, ValidateNamedTask<v1::ToggleTaskRequest>,
                  [=, this](const std::string& task_id, Deadline deadline) {
                    return Answer(store_.Change(request->user_id(), task_id, Toggling(), deadline), *response);
                  });
}

TaskService::Reactor* TaskService::CompleteTask(Context* context, const v1::CompleteTaskRequest* request,
                                                v1::CompleteTaskResponse* response) {
  return ForOwner(context, *request, ValidateNamedTask<v1::CompleteTaskRequest>,
                  [=, this](const std::string& task_id, Deadline deadline) {
                    return Answer(store_.Change(request->user_id(), task_id, Completion(), deadline), *response);
                  });
}

TaskService::Reactor* TaskService::DeleteTask(Context* context, const v1::DeleteTaskRequest* request,
                                              v1::DeleteTaskResponse*) {
  return ForOwner(context, *request, ValidateNamedTask<v1::DeleteTaskRequest>,
                  [=, this](const std::string& task_id, Deadline deadline) {
                    return store_.Delete(request->user_id(), task_id, deadline);
                  });
}

absl::Status TaskService::ListPage(const v1::ListTasksRequest& request, int page_size, const TaskListQuery& query,
                                   Deadline deadline, v1::ListTasksResponse& response) {
  const absl::StatusOr<PageTokenKey> key = store_.GetPageTokenKey(deadline);
  if (!key.ok()) return key.status();
  std::optional<TaskListCursor> cursor;
  if (!request.page_token().empty()) {
    absl::StatusOr<TaskListCursor> decoded = DecodePageToken(*key, request.user_id(), query, request.page_token());
    if (!decoded.ok()) return decoded.status();
    cursor = *std::move(decoded);
  }
  absl::StatusOr<TaskPage> page = store_.List(request.user_id(), query, cursor, page_size, deadline);
  if (!page.ok()) return page.status();
  SetCount(page->counts, query, response);
  *response.mutable_items() = std::move(page->tasks);
  if (page->has_more) {
    const TaskListCursor next = CursorBehind(*response.items().rbegin(), query.sort_by);
    response.set_next_page_token(EncodePageToken(*key, request.user_id(), query, next));
  }
  return absl::OkStatus();
}

absl::Status TaskService::CountTasks(const std::string& user_id, Deadline deadline,
                                     v1::GetTaskMetricsResponse& response) {
  const std::string today = absl::FormatTime("%E4Y-%m-%d", clock_.Now(), absl::UTCTimeZone());
  const absl::StatusOr<TaskStore::Metrics> metrics = store_.GetMetrics(user_id, today, deadline);
  if (!metrics.ok()) return metrics.status();
  const auto& [pending, completed] = metrics->counts;
  response.set_total(static_cast<int32_t>(pending.total() + completed.total()));
  response.set_completed(static_cast<int32_t>(completed.total()));
  response.set_pending(static_cast<int32_t>(pending.total()));
  response.set_overdue(static_cast<int32_t>(metrics->overdue));
  response.set_high_priority(static_cast<int32_t>(pending.high + completed.high));
  response.set_medium_priority(static_cast<int32_t>(pending.medium + completed.medium));
  response.set_low_priority(static_cast<int32_t>(pending.low + completed.low));
  return absl::OkStatus();
}

}  // namespace todo
