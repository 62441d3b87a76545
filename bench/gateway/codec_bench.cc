// What of a hop is ours: JSON, and the search for the route.
#include <benchmark/benchmark.h>
#include <google/protobuf/util/json_util.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gateway/json_writer.h"
#include "gateway/route_table.h"
#include "todo/v1/task_service.pb.h"

namespace {

std::string TwentyTasks() {
  todo::v1::ListTasksResponse response;
  for (int i = 0; i < 20; ++i) {
    auto* item = response.add_items();
    item->set_id(absl::StrCat("3fa85f64-5717-4562-b3fc-2c963f66a", 100 + i));
    item->set_user_id("vGq2xWcVZ5tCjTzTn0n2lYh8dV3mQe1R");
    item->set_title(absl::StrCat("Buy what is on list ", i));
    item->set_description("Milk, bread and whatever else the \"list\" of the week says");
    item->set_is_completed(i % 3 == 0);
    item->set_priority(todo::v1::PRIORITY_HIGH);
    item->set_due_date("2030-01-31");
    item->mutable_created_at()->set_seconds(1900000000 + i);
    item->mutable_created_at()->set_nanos(123456000);
    item->mutable_updated_at()->set_seconds(1900000100 + i);
    item->mutable_updated_at()->set_nanos(654321000);
    item->set_etag(absl::StrCat("v", i));
  }
  response.set_count(20);
  return response.SerializeAsString();
}

void WriteTwentyTasks(benchmark::State& state) {
  const std::string bytes = TwentyTasks();
  gateway::PlanSet plans;
  const gateway::MessagePlan& plan = **plans.Add(*todo::v1::ListTasksResponse::descriptor());
  const gateway::JsonStyle style{true, true, true};
  std::string json;
  for (auto _ : state) {
    json.clear();
    if (!gateway::WriteJsonMessage(plan, bytes, style, &json).ok()) state.SkipWithError("not written");
    benchmark::DoNotOptimize(json.data());
  }
  state.counters["bytes"] = static_cast<double>(json.size());
}
BENCHMARK(WriteTwentyTasks);

void WriteTwentyTasksByProtobuf(benchmark::State& state) {
  const std::string bytes = TwentyTasks();
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  for (auto _ : state) {
    todo::v1::ListTasksResponse response;
    response.ParseFromString(bytes);
    std::string json;
    (void)google::protobuf::util::MessageToJsonString(response, &json, options);
    benchmark::DoNotOptimize(json.data());
  }
}
BENCHMARK(WriteTwentyTasksByProtobuf);

void FindRoute(benchmark::State& state) {
  gateway::RouteTable::Builder builder;
  for (int64_t i = 0; i < state.range(0); ++i) {
    const auto path = gateway::PathTemplate::Parse(absl::StrCat("/api/thing", i, "/{id}/parts/{part}"));
    if (!builder.Add("GET", *path, static_cast<size_t>(i), "x").ok()) state.SkipWithError("a conflict");
  }
  const gateway::RouteTable table = std::move(builder).Build();
  const std::string target = absl::StrCat("/api/thing", state.range(0) / 2, "/3fa85f64/parts/7");
  for (auto _ : state) benchmark::DoNotOptimize(table.Find("GET", target).route);
}
BENCHMARK(FindRoute)->Arg(10)->Arg(1000);

}  // namespace

BENCHMARK_MAIN();
