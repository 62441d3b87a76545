#include "services/todo/task_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/todo/batch_validation.h"
#include "services/todo/page_token.h"
#include "services/todo/task_errors.h"
#include "services/todo/task_validation.h"

namespace todo {
namespace {

constexpr int kDefaultSyncPage = 500;
constexpr int kMaxSyncPage = 1000;
constexpr int kExportPage = 1000;
constexpr std::string_view kExportContext = "export";

// Passes a request on that names nothing but its user.
template <typename Request>
absl::StatusOr<std::string> ValidateUser(const Request& request) {
  if (absl::Status status = ValidateUserId(request.user_id()); !status.ok()) return status;
  return request.user_id();
}

absl::StatusOr<std::string> ValidateTag(const std::string& user_id, const std::string& tag) {
  FieldViolations violations;
  CheckUserId(user_id, violations);
  std::string trimmed = CheckTag(tag, "tag", violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return trimmed;
}

absl::StatusOr<int> ValidateSync(const v1::SyncTasksRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  if (request.page_size() < 0) violations.Add("page_size", "must not be negative");
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return request.page_size() == 0 ? kDefaultSyncPage : std::min(request.page_size(), kMaxSyncPage);
}

}  // namespace

TaskService::Reactor* TaskService::GetMe(Context* context, const v1::GetMeRequest*, v1::GetMeResponse* response) {
  return auth::Authenticated(context, [&](const auth::Principal& principal) {
    Reactor* reactor = context->DefaultReactor();
    const absl::Status status = parts_.gate.Admit(*context, principal, principal.user_id());
    response->set_user_id(principal.user_id());
    response->set_email(principal.email());
    response->set_name(principal.name());
    reactor->Finish(common::ToGrpcStatus(status));
    return reactor;
  });
}

TaskService::Reactor* TaskService::DeleteMe(Context* context, const v1::DeleteMeRequest* request,
                                            v1::DeleteMeResponse*) {
  return parts_.gate.ForCaller(context, *request, [this](const std::string& user_id, Deadline deadline) {
    return parts_.tasks.Forget(user_id, deadline);
  });
}

TaskService::Reactor* TaskService::CreateTask(Context* context, const v1::CreateTaskRequest* request,
                                              v1::CreateTaskResponse* response) {
  const auto run = [=, this](const CreateTasks& create, Deadline deadline) {
    if (absl::Status status = CheckTimeZones(create, deadline); !status.ok()) return status;
    absl::StatusOr<Tasks> tasks = parts_.tasks.Create(request->user_id(), create, deadline);
    if (tasks.ok()) *response->mutable_task() = std::move(*tasks->begin());
    return tasks.status();
  };
  return parts_.gate.ForOwner(context, *request, ValidateCreate, run);
}

TaskService::Reactor* TaskService::ListTasks(Context* context, const v1::ListTasksRequest* request,
                                             v1::ListTasksResponse* response) {
  return parts_.gate.ForOwner(context, *request, ValidateList, [=, this](const TaskListing& list, Deadline deadline) {
    return ListPage(*request, list.page_size, list.query, deadline, *response);
  });
}

TaskService::Reactor* TaskService::GetTaskMetrics(Context* context, const v1::GetTaskMetricsRequest* request,
                                                  v1::GetTaskMetricsResponse* response) {
  const auto validate = [](const v1::GetTaskMetricsRequest& metrics) {
    return ValidateTimeZone(metrics.user_id(), metrics.time_zone());
  };
  return parts_.gate.ForOwner(context, *request, validate, [=, this](const std::string& zone, Deadline deadline) {
    return CountTasks(request->user_id(), zone, deadline, *response);
  });
}

TaskService::Reactor* TaskService::GetTask(Context* context, const v1::GetTaskRequest* request,
                                           v1::GetTaskResponse* response) {
  const auto validate = [](const v1::GetTaskRequest& get) {
    return ValidateId(get.user_id(), get.task_id(), "task_id");
  };
  return parts_.gate.ForOwner(context, *request, validate, [=, this](const std::string& task_id, Deadline deadline) {
    absl::StatusOr<v1::Task> task = parts_.tasks.Get(request->user_id(), task_id, deadline);
    if (task.ok()) *response->mutable_task() = *std::move(task);
    return task.status();
  });
}

template <typename Request, typename Response, typename Validate>
TaskService::Reactor* TaskService::ChangeOne(Context* context, const Request* request, Response* response,
                                             Validate validate) {
  const auto run = [=, this](const ChangeTasks& change, Deadline deadline) {
    if (absl::Status status = CheckTimeZones(change, deadline); !status.ok()) return status;
    absl::StatusOr<Tasks> tasks = parts_.tasks.Change(request->user_id(), change, deadline);
    if (tasks.ok()) *response->mutable_task() = std::move(*tasks->begin());
    return tasks.status();
  };
  return parts_.gate.ForOwner(context, *request, validate, run);
}

TaskService::Reactor* TaskService::ReplaceTask(Context* context, const v1::ReplaceTaskRequest* request,
                                               v1::ReplaceTaskResponse* response) {
  return ChangeOne(context, request, response, ValidateReplace);
}

TaskService::Reactor* TaskService::UpdateTask(Context* context, const v1::UpdateTaskRequest* request,
                                              v1::UpdateTaskResponse* response) {
  return ChangeOne(context, request, response, ValidateUpdate);
}

TaskService::Reactor* TaskService::ToggleTask(Context* context, const v1::ToggleTaskRequest* request,
                                              v1::ToggleTaskResponse* response) {
  return ChangeOne(context, request, response, ValidateToggle);
}

TaskService::Reactor* TaskService::CompleteTask(Context* context, const v1::CompleteTaskRequest* request,
                                                v1::CompleteTaskResponse* response) {
  return ChangeOne(context, request, response, ValidateComplete);
}

TaskService::Reactor* TaskService::UndeleteTask(Context* context, const v1::UndeleteTaskRequest* request,
                                                v1::UndeleteTaskResponse* response) {
  return ChangeOne(context, request, response, ValidateUndelete);
}

TaskService::Reactor* TaskService::DeleteTask(Context* context, const v1::DeleteTaskRequest* request,
                                              v1::DeleteTaskResponse*) {
  return parts_.gate.ForOwner(context, *request, ValidateDelete,
                              [=, this](const ChangeTasks& change, Deadline deadline) {
                                return parts_.tasks.Change(request->user_id(), change, deadline).status();
                              });
}

TaskService::Reactor* TaskService::BatchCreateTasks(Context* context, const v1::BatchCreateTasksRequest* request,
                                                    v1::BatchCreateTasksResponse* response) {
  const auto run = [=, this](const CreateTasks& create, Deadline deadline) {
    if (absl::Status status = CheckTimeZones(create, deadline); !status.ok()) return status;
    absl::StatusOr<Tasks> tasks = parts_.tasks.Create(request->user_id(), create, deadline);
    if (tasks.ok()) *response->mutable_tasks() = *std::move(tasks);
    return tasks.status();
  };
  return parts_.gate.ForOwner(context, *request, ValidateBatchCreate, run);
}

TaskService::Reactor* TaskService::BatchUpdateTasks(Context* context, const v1::BatchUpdateTasksRequest* request,
                                                    v1::BatchUpdateTasksResponse* response) {
  const auto run = [=, this](const ChangeTasks& change, Deadline deadline) {
    if (absl::Status status = CheckTimeZones(change, deadline); !status.ok()) return status;
    absl::StatusOr<Tasks> tasks = parts_.tasks.Change(request->user_id(), change, deadline);
    if (tasks.ok()) *response->mutable_tasks() = *std::move(tasks);
    return tasks.status();
  };
  return parts_.gate.ForOwner(context, *request, ValidateBatchUpdate, run);
}

TaskService::Reactor* TaskService::BatchDeleteTasks(Context* context, const v1::BatchDeleteTasksRequest* request,
                                                    v1::BatchDeleteTasksResponse*) {
  const auto run = [=, this](const ChangeTasks& change, Deadline deadline) {
    return parts_.tasks.Change(request->user_id(), change, deadline).status();
  };
  return parts_.gate.ForOwner(context, *request, ValidateBatchDelete, run);
}

TaskService::Reactor* TaskService::SyncTasks(Context* context, const v1::SyncTasksRequest* request,
                                             v1::SyncTasksResponse* response) {
  return parts_.gate.ForOwner(context, *request, ValidateSync, [=, this](int page_size, Deadline deadline) {
    return SyncPage(*request, page_size, deadline, *response);
  });
}

grpc::ServerWriteReactor<v1::WatchTasksResponse>* TaskService::WatchTasks(Context* context,
                                                                          const v1::WatchTasksRequest* request) {
  using Stream = grpc::ServerWriteReactor<v1::WatchTasksResponse>;
  const auto open = [&](const auth::Principal& principal) -> absl::StatusOr<Stream*> {
    if (absl::Status status = parts_.gate.Admit(*context, principal, request->user_id()); !status.ok()) return status;
    if (absl::Status status = ValidateUserId(request->user_id()); !status.ok()) return status;
    return parts_.feed.Open(request->user_id(), request->last_event_id(), principal.expire_time());
  };
  return auth::AuthenticatedStream<v1::WatchTasksResponse>(context, open);
}

TaskService::Reactor* TaskService::ExportTasks(Context* context, const v1::ExportTasksRequest* request,
                                               v1::ExportTasksResponse* response) {
  return parts_.gate.ForOwner(
      context, *request, ValidateUser<v1::ExportTasksRequest>,
      [=, this](const std::string&, Deadline deadline) { return ExportPage(*request, deadline, *response); });
}

TaskService::Reactor* TaskService::ImportTasks(Context* context, const v1::ImportTasksRequest* request,
                                               v1::ImportTasksResponse* response) {
  const auto validate = [this](const v1::ImportTasksRequest& import) {
    return ValidateImport(import, parts_.clock.Now());
  };
  const auto run = [=, this](const todo::ImportTasks& import, Deadline deadline) {
    if (absl::Status status = CheckTimeZones(import.create, deadline); !status.ok()) return status;
    absl::StatusOr<TaskStore::Imported> imported = parts_.tasks.Import(request->user_id(), import, deadline);
    if (!imported.ok()) return imported.status();
    response->set_created_tasks(imported->tasks);
    response->set_created_lists(imported->lists);
    return absl::OkStatus();
  };
  return parts_.gate.ForOwner(context, *request, validate, run);
}

TaskService::Reactor* TaskService::ListTags(Context* context, const v1::ListTagsRequest* request,
                                            v1::ListTagsResponse* response) {
  return parts_.gate.ForOwner(context, *request, ValidateUser<v1::ListTagsRequest>,
                              [=, this](const std::string& user_id, Deadline deadline) {
                                auto tags = parts_.tasks.ListTags(user_id, deadline);
                                if (tags.ok()) *response->mutable_items() = *std::move(tags);
                                return tags.status();
                              });
}

TaskService::Reactor* TaskService::GetTag(Context* context, const v1::GetTagRequest* request,
                                          v1::GetTagResponse* response) {
  const auto validate = [](const v1::GetTagRequest& get) { return ValidateTag(get.user_id(), get.tag()); };
  return parts_.gate.ForOwner(context, *request, validate, [=, this](const std::string& tag, Deadline deadline) {
    absl::StatusOr<v1::Tag> found = parts_.tasks.GetTag(request->user_id(), tag, deadline);
    if (found.ok()) *response->mutable_tag() = *std::move(found);
    return found.status();
  });
}

TaskService::Reactor* TaskService::DeleteTag(Context* context, const v1::DeleteTagRequest* request,
                                             v1::DeleteTagResponse*) {
  const auto validate = [](const v1::DeleteTagRequest& remove) { return ValidateTag(remove.user_id(), remove.tag()); };
  return parts_.gate.ForOwner(context, *request, validate, [=, this](const std::string& tag, Deadline deadline) {
    return parts_.tasks.DeleteTag(request->user_id(), tag, deadline);
  });
}

absl::Status TaskService::ListPage(const v1::ListTasksRequest& request, int page_size, const TaskListQuery& query,
                                   Deadline deadline, v1::ListTasksResponse& response) {
  if (absl::Status status = parts_.facts.CheckTimeZone(query.time_zone, "time_zone", deadline); !status.ok()) {
    return status;
  }
  const absl::StatusOr<TokenKey> key = parts_.facts.GetTokenKey(deadline);
  if (!key.ok()) return key.status();
  std::optional<TaskListCursor> cursor;
  if (!request.page_token().empty()) {
    absl::StatusOr<TaskListCursor> decoded = DecodePageToken(*key, request.user_id(), query, request.page_token());
    if (!decoded.ok()) return decoded.status();
    cursor = *std::move(decoded);
  }
  absl::StatusOr<TaskPage> page = parts_.tasks.List(request.user_id(), query, cursor, page_size, deadline);
  if (!page.ok()) return page.status();
  response.set_count(static_cast<int32_t>(page->count));
  response.set_count_is_exact(page->is_count_exact);
  *response.mutable_items() = std::move(page->tasks);
  if (page->next) response.set_next_page_token(EncodePageToken(*key, request.user_id(), query, *page->next));
  return absl::OkStatus();
}

absl::Status TaskService::CountTasks(const std::string& user_id, const std::string& time_zone, Deadline deadline,
                                     v1::GetTaskMetricsResponse& response) {
  if (absl::Status status = parts_.facts.CheckTimeZone(time_zone, "time_zone", deadline); !status.ok()) return status;
  const absl::StatusOr<TaskStore::Metrics> metrics =
      parts_.tasks.GetMetrics(user_id, parts_.clock.Now(), time_zone, deadline);
  if (!metrics.ok()) return metrics.status();
  const TaskCounts& counts = metrics->counts;
  response.set_total(static_cast<int32_t>(counts.total()));
  response.set_completed(static_cast<int32_t>(counts.completed.total()));
  response.set_pending(static_cast<int32_t>(counts.pending.total()));
  response.set_overdue(static_cast<int32_t>(metrics->overdue));
  response.set_high_priority(static_cast<int32_t>(counts.pending.high + counts.completed.high));
  response.set_medium_priority(static_cast<int32_t>(counts.pending.medium + counts.completed.medium));
  response.set_low_priority(static_cast<int32_t>(counts.pending.low + counts.completed.low));
  return absl::OkStatus();
}

absl::Status TaskService::SyncPage(const v1::SyncTasksRequest& request, int page_size, Deadline deadline,
                                   v1::SyncTasksResponse& response) {
  const absl::StatusOr<TokenKey> key = parts_.facts.GetTokenKey(deadline);
  if (!key.ok()) return key.status();
  SyncPosition position;
  if (!request.sync_token().empty()) {
    const std::optional<SyncPosition> decoded = DecodeSyncToken(*key, request.user_id(), request.sync_token());
    if (!decoded) {
      return common::InvalidFields({{"sync_token", "is no sync token of this user's: begin again without one"}});
    }
    position = *decoded;
  }
  absl::StatusOr<Changes> changes = parts_.log.Read(request.user_id(), position.number, page_size, deadline);
  if (!changes.ok()) return changes.status();
  if (IsExpired(position, changes->state)) return SyncTokenExpired();
  // Until everything is told, what the client knows is as old as the beginning of the telling.
  if (request.sync_token().empty() || !changes->has_more) position.known_at = changes->state.now;
  position.began_at = changes->state.began_at;
  position.number = changes->has_more ? changes->changes.back().number : changes->state.last_number;
  for (Change& change : changes->changes) {
    if (auto* task = std::get_if<v1::Task>(&change.item)) {
      *response.add_tasks() = std::move(*task);
    } else {
      *response.add_lists() = std::move(std::get<v1::TaskList>(change.item));
    }
  }
  response.set_next_sync_token(EncodeSyncToken(*key, request.user_id(), position));
  response.set_has_more(changes->has_more);
  return absl::OkStatus();
}

absl::Status TaskService::ExportPage(const v1::ExportTasksRequest& request, Deadline deadline,
                                     v1::ExportTasksResponse& response) {
  const absl::StatusOr<TokenKey> key = parts_.facts.GetTokenKey(deadline);
  if (!key.ok()) return key.status();
  std::string after;
  if (!request.page_token().empty()) {
    const std::optional<std::string> id = Unseal(*key, request.user_id(), kExportContext, request.page_token());
    if (!id) return common::InvalidFields({{"page_token", "is not of an export of this user's: begin without it"}});
    after = *id;
  } else {
    auto lists = parts_.lists.List(request.user_id(), deadline);
    if (!lists.ok()) return lists.status();
    *response.mutable_lists() = *std::move(lists);
  }
  absl::StatusOr<TaskStore::Export> page = parts_.tasks.ExportPage(request.user_id(), after, kExportPage, deadline);
  if (!page.ok()) return page.status();
  *response.mutable_tasks() = std::move(page->tasks);
  if (page->has_more) {
    response.set_next_page_token(Seal(*key, request.user_id(), kExportContext, response.tasks().rbegin()->id()));
  }
  return absl::OkStatus();
}

absl::Status TaskService::CheckTimeZones(const CreateTasks& create, Deadline deadline) {
  for (size_t i = 0; i < create.tasks.size(); ++i) {
    if (!create.tasks[i].time_zone) continue;
    const std::string field = create.entries.empty() ? "task.time_zone" : absl::StrCat("tasks[", i, "].time_zone");
    const absl::Status status = parts_.facts.CheckTimeZone(*create.tasks[i].time_zone, field, deadline);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status TaskService::CheckTimeZones(const ChangeTasks& change, Deadline deadline) {
  for (size_t i = 0; i < change.changes.size(); ++i) {
    const std::optional<std::string> time_zone = change.changes[i].time_zone.value_or(std::nullopt);
    if (!time_zone) continue;
    const std::string field =
        change.entries.empty() ? "task.time_zone" : absl::StrCat("updates[", i, "].task.time_zone");
    if (absl::Status status = parts_.facts.CheckTimeZone(*time_zone, field, deadline); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace todo
