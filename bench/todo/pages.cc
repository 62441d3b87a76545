// Pages of short and long lists.
#include "bench/todo/sections.h"

#include <array>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/todo/measured_service.h"

namespace todo::bench {
namespace {

constexpr int kLongList = 1000000;
constexpr int kPage = 20;

void MakeTasks(TestDatabase& database, const std::string& user, int count) {
  std::fprintf(stderr, "todo: %d tasks for one user\n", count);
  database.Execute(
      absl::StrCat(R"(
    INSERT INTO todo.tasks (position, user_id, id, title, is_completed, priority, due_date, completed_at, created_at, updated_at,
      revision)
    SELECT todo.last_position(i), ')",
                   user, R"(', gen_random_uuid(), 'Task ' || i, i % 3 = 0, i % 3 + 1, DATE '2024-01-01' + i % 1000,
      CASE WHEN i % 3 = 0 THEN now() END, now() - i * INTERVAL '1 second', now(), i
    FROM generate_series(1, )",
                   count, R"() AS i;
    INSERT INTO todo.user_counters (user_id, last_change, pending_high, pending_medium, pending_low, completed_high,
      completed_medium, completed_low)
    SELECT user_id, max(revision), count(*) FILTER (WHERE NOT is_completed AND priority = 1),
      count(*) FILTER (WHERE NOT is_completed AND priority = 2), count(*) FILTER (WHERE NOT is_completed AND priority = 3),
      count(*) FILTER (WHERE is_completed AND priority = 1), count(*) FILTER (WHERE is_completed AND priority = 2),
      count(*) FILTER (WHERE is_completed AND priority = 3)
    FROM todo.tasks WHERE user_id = ')",
                   user, "' GROUP BY user_id"));
}

struct Page {
  const char* name;
  std::string user;
  v1::ListTasksRequest request;
  std::vector<double> medians = {};
};

v1::ListTasksRequest PageAfter(v1::TaskService::Stub& stub, const std::string& user, v1::TaskSortBy sort_by,
                               int pages) {
  v1::ListTasksRequest request;
  request.set_sort_by(sort_by);
  // A token is for every page size, so the way there is short.
  for (int skipped = 0; skipped < pages * kPage;) {
    request.set_page_size(std::min(200, pages * kPage - skipped));
    skipped += request.page_size();
    request.set_page_token(
        Call<v1::ListTasksRequest, v1::ListTasksResponse>(stub, &v1::TaskService::Stub::ListTasks, user, request)
            .next_page_token());
  }
  request.set_page_size(kPage);
  return request;
}

}  // namespace

void MeasurePages(const FakeVerifier& verifier) {
  TestDatabase database;
  MakeTasks(database, "short", 10);
  MakeTasks(database, "twenty", kPage);
  MakeTasks(database, "long", kLongList);
  database.Execute("VACUUM ANALYZE todo.tasks");
  const MeasuredService service(database, verifier);
  const auto stub = v1::TaskService::NewStub(service.NewChannel());
  std::printf(
      "### A page of %d\n\nOne call after the other, the whole call over gRPC; medians of %d alternating rounds of 300 "
      "calls, in µs. Who has 10 tasks gets 10 on that page, who has more gets 20.\n\n"
      "| order | 10 tasks | 20 tasks | 1,000,000 tasks, page 1 | page 1,000 | page 1,000 / page 1 | page 1,000 / 20 "
      "tasks "
      "| page 1,000 / 10 tasks |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
      kPage, kRounds);
  for (const auto& [sort_by, name] : std::map<v1::TaskSortBy, const char*>{{v1::TASK_SORT_BY_CREATED_AT, "created_at"},
                                                                           {v1::TASK_SORT_BY_DUE_DATE, "due_date"},
                                                                           {v1::TASK_SORT_BY_POSITION, "position"}}) {
    std::fprintf(stderr, "todo: pages by %s\n", name);
    std::vector<Page> pages = {{"10", "short", PageAfter(*stub, "short", sort_by, 0)},
                               {"20", "twenty", PageAfter(*stub, "twenty", sort_by, 0)},
                               {"first", "long", PageAfter(*stub, "long", sort_by, 0)},
                               {"thousandth", "long", PageAfter(*stub, "long", sort_by, 999)}};
    for (int round = 0; round < kRounds; ++round) {
      for (Page& page : pages) {
        std::vector<double> times;
        for (int i = 0; i < 300; ++i) {
          const absl::Time start = absl::Now();
          Call<v1::ListTasksRequest, v1::ListTasksResponse>(*stub, &v1::TaskService::Stub::ListTasks, page.user,
                                                            page.request);
          times.push_back(Seconds(absl::Now() - start) * 1e6);
        }
        page.medians.push_back(Median(times));
      }
    }
    std::array<double, 4> medians;
    for (size_t i = 0; i < 4; ++i) medians[i] = Median(pages[i].medians);
    std::printf("| `%s` | %.0f | %.0f | %.0f | %.0f | %.2f | %.2f | %.2f |\n", name, medians[0], medians[1], medians[2],
                medians[3], medians[3] / medians[2], medians[3] / medians[1], medians[3] / medians[0]);
  }
}

}  // namespace todo::bench
