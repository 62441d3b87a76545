// The upstream of the gateways: answers one list of 20 items, made once. Prints `ready PORT`; ends with its input.
#include <cstdio>
#include <string>

#include "common/grpc/grpc_server.h"
#include "list.grpc.pb.h"

namespace {

bench::list::ListItemsResponse MakeList() {
  bench::list::ListItemsResponse response;
  for (int i = 0; i < 20; ++i) {
    auto* item = response.add_items();
    const std::string number = std::to_string(100 + i);
    item->set_id("3fa85f64-5717-4562-b3fc-2c963f66a" + number);
    item->set_owner("vGq2xWcVZ5tCjTzTn0n2lYh8dV3mQe1R");
    item->set_title("Buy what is on list " + number);
    item->set_description("Milk, bread and whatever else the \"list\" of the week says");
    item->set_is_completed(i % 3 == 0);
    item->set_level(i % 2 == 0 ? bench::list::LEVEL_HIGH : bench::list::LEVEL_LOW);
    item->set_due_date("2030-01-31");
    item->set_created_at("2030-03-17T17:46:40.123456Z");
    item->set_updated_at("2030-03-17T17:48:20.654321Z");
    item->set_etag("v" + number);
  }
  response.set_count(20);
  return response;
}

class ListServer final : public bench::list::ListService::CallbackService {
 public:
  grpc::ServerUnaryReactor* ListItems(grpc::CallbackServerContext* context, const bench::list::ListItemsRequest*,
                                      bench::list::ListItemsResponse* response) override {
    *response = list_;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const bench::list::ListItemsResponse list_ = MakeList();
};

}  // namespace

int main() {
  ListServer service;
  common::GrpcServerOptions options;
  options.address = "127.0.0.1:0";
  options.credentials = grpc::InsecureServerCredentials();
  const auto server = *common::GrpcServer::Start(std::move(options), service);
  server->SetServing(true);
  std::printf("ready %d\n", server->port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}
