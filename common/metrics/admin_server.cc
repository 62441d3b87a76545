#include "common/metrics/admin_server.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/json/json_text.h"

namespace metrics {
namespace {

constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kJson[] = "application/json";
constexpr char kText[] = "text/plain; charset=utf-8";

http::Response Answer(int status, std::string_view content_type, std::string body) {
  http::Response response(status);
  response.AddHeader("Content-Type", content_type);
  response.AddHeaderLines("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
  response.body = std::move(body);
  return response;
}

http::Response Readiness(const absl::Status& ready) {
  if (ready.ok()) return Answer(200, kJson, R"({"status":"ready"})");
  std::string body = R"({"status":"not_ready","reason":)";
  json::AppendString(std::string(ready.message()), &body);
  http::Response response = Answer(503, kJson, body + "}");
  response.AddHeaderLines("Retry-After: 1\r\n");
  return response;
}

}  // namespace

class AdminServer::Pages : public http::Handler {
 public:
  Pages(const Registry& registry, Ready ready) : registry_(registry), ready_(std::move(ready)) {}

  void Handle(http::Request request, http::Responder responder) override { responder.Send(PageOf(request.head)); }

  http::Response Refuse(const http::RequestHead* /*head*/, const http::Refusal& refusal) override {
    return Answer(refusal.status, kText, absl::StrCat(std::string(refusal.detail), "\n"));
  }

 private:
  http::Response PageOf(const http::RequestHead& head) const {
    const bool is_known = head.path == "/metrics" || head.path == "/health" || head.path == "/readyz";
    if (!is_known) return Answer(404, kText, "there are /metrics, /health and /readyz\n");
    if (head.method != "GET" && head.method != "HEAD") {
      http::Response response = Answer(405, kText, "this method is not allowed here\n");
      response.AddHeaderLines("Allow: GET, HEAD\r\n");
      return response;
    }
    if (head.path == "/metrics") return Answer(200, kMetricsType, registry_.Scrape());
    if (head.path == "/health") return Answer(200, kJson, R"({"status":"healthy"})");
    return Readiness(ready_());
  }

  const Registry& registry_;
  const Ready ready_;
};

AdminServer::AdminServer() = default;
AdminServer::~AdminServer() = default;

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(const AdminConfig& config, Registry& registry,
                                                                Ready ready, const common::Logger& logger) {
  if (!config.port) return nullptr;
  registry.AddGauge("service_ready", "1 where the process may be given work, else 0.",
                    [ready] { return ready().ok() ? 1.0 : 0.0; });
  auto admin = std::unique_ptr<AdminServer>(new AdminServer());
  admin->pages_ = std::make_unique<Pages>(registry, std::move(ready));
  http::ServerOptions options;
  options.host = config.host;
  options.port = *config.port;
  options.threads = 1;
  absl::StatusOr<std::unique_ptr<http::Server>> server = http::Server::Start(std::move(options), *admin->pages_);
  if (!server.ok()) return server.status();
  admin->server_ = *std::move(server);
  logger.Info("listening_admin", {{"address", config.host}, {"port", int64_t{admin->port()}}});
  return admin;
}

}  // namespace metrics
