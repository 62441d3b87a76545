#include "gateway/config.h"

#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gateway/default_api.h"
#include "gateway/text.h"
#include "gateway/upstream_address.h"

namespace gateway {
namespace {

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) return std::nullopt;
  return content;
}

class ConfigLoader {
 public:
  explicit ConfigLoader(common::ConfigReader::Environment environment) : reader_(std::move(environment)) {}

  Config Load(const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) ReadFlag(argument);
    ReadEnvironment();
    AddDefaults();
    config_.variables = reader_.variables();
    config_.faults = reader_.faults();
    config_.faults.insert(config_.faults.begin(), flag_faults_.begin(), flag_faults_.end());
    return std::move(config_);
  }

 private:
  void ReadFlag(absl::string_view argument) {
    static const std::map<std::string, Command, std::less<>> kCommands = {{"--check", Command::kPrintRoutes},
                                                                          {"--check-config", Command::kCheckConfig},
                                                                          {"--healthcheck", Command::kHealthcheck},
                                                                          {"--version", Command::kPrintVersion},
                                                                          {"--help", Command::kPrintHelp}};
    const auto command = kCommands.find(std::string(argument));
    if (command != kCommands.end()) {
      config_.command = command->second;
    } else if (absl::ConsumePrefix(&argument, "--descriptor_set=")) {
      ReadDescriptorSet(std::string(argument));
    } else if (argument == "--expose_unannotated") {
      config_.api.exposes_unannotated = true;
    } else if (argument == "--later_route_wins") {
      config_.api.later_route_wins = true;
    } else if (absl::ConsumePrefix(&argument, "--json=")) {
      ReadJsonFormat(argument);
    } else if (absl::ConsumePrefix(&argument, "--upstream=")) {
      ReadUpstream(argument);
    } else {
      flag_faults_.push_back(absl::StrCat(argument, " is not known (see --help)"));
    }
  }

  void ReadJsonFormat(absl::string_view names) {
    for (absl::string_view name : absl::StrSplit(names, ',')) {
      if (name == "proto_field_names") {
        config_.api.style.proto_field_names = true;
      } else if (name == "emit_defaults") {
        config_.api.style.emit_defaults = true;
      } else if (name == "null_for_unset") {
        config_.api.style.null_for_unset = true;
      } else if (name == "ignore_unknown") {
        config_.api.ignore_unknown = true;
      } else {
        flag_faults_.push_back(absl::StrCat("--json=", name, " is none of the members of gateway.v1.JsonFormat"));
      }
    }
  }

  void ReadDescriptorSet(const std::string& path) {
    has_descriptor_set_ = true;
    std::optional<std::string> bytes = ReadFile(path);
    if (bytes && !bytes->empty()) {
      config_.descriptor_set = *std::move(bytes);
    } else {
      flag_faults_.push_back(absl::StrCat("--descriptor_set names a file that cannot be read or is empty: ", path));
    }
  }

  void ReadUpstream(absl::string_view value) {
    const size_t equals = value.find('=');
    if (equals == 0 || equals == absl::string_view::npos || equals + 1 == value.size()) {
      flag_faults_.push_back(absl::StrCat("--upstream=", value, " is not SERVICE=ADDRESS (example: --upstream=",
                                          View(kDefaultServices[0]), "=127.0.0.1:50051)"));
      return;
    }
    const absl::Status address = CheckUpstreamAddress({value.data() + equals + 1, value.size() - equals - 1});
    if (!address.ok()) flag_faults_.push_back(absl::StrCat("--upstream=", value, ": ", address.message()));
    const std::string service(value.substr(0, equals));
    if (!config_.upstreams.emplace(service, value.substr(equals + 1)).second) {
      flag_faults_.push_back(absl::StrCat("--upstream is given twice for ", service));
    }
  }

  void ReadEnvironment() {
    config_.host = reader_.String("HOST", "127.0.0.1");
    config_.port = reader_.Port("PORT", 8000);
    config_.debug = reader_.Bool("DEBUG", false);
    config_.admin = metrics::ReadAdmin(reader_, "GATEWAY_ADMIN_PORT", config_.port);
    absl::StatusOr<http::AddressSet> proxies = http::AddressSet::Create(reader_.List("TRUSTED_PROXIES"));
    if (proxies.ok()) {
      config_.trusted_proxies = *std::move(proxies);
    } else {
      reader_.Fault("TRUSTED_PROXIES", std::string(proxies.status().message()), "10.0.0.1,172.16.0.0/12");
    }
    config_.max_connections = static_cast<size_t>(reader_.Integer("MAX_CONNECTIONS", 4096, 1, 1'000'000));
    config_.certificate_file = reader_.String("TLS_CERTIFICATE_FILE", "");
    config_.key_file = reader_.String("TLS_KEY_FILE", "");
    if (config_.certificate_file.empty() != config_.key_file.empty()) {
      const bool has_key = config_.certificate_file.empty();
      reader_.Fault(has_key ? "TLS_CERTIFICATE_FILE" : "TLS_KEY_FILE", "is missing: the two go together",
                    has_key ? "/etc/tls/tls.crt" : "/etc/tls/tls.key");
    }
    todo_address_ = reader_.String("TODO_ADDRESS", "127.0.0.1:50051");
    if (const absl::Status address = CheckUpstreamAddress(todo_address_); !address.ok()) {
      reader_.Fault("TODO_ADDRESS", std::string(address.message()), "dns:///todo:50051");
    }
    config_.transport = common::ReadTransport(reader_);
    config_.upstream_tls_name = reader_.String("TODO_TLS_NAME", "");
    ReadAuthMode();
    absl::StatusOr<CorsPolicy> cors =
        CorsPolicy::Create(reader_.List("ALLOWED_ORIGINS"), /*allows_credentials=*/config_.auth_mode.session);
    if (cors.ok()) {
      config_.cors = *std::move(cors);
    } else {
      reader_.Fault("ALLOWED_ORIGINS", std::string(cors.status().message()), "https://app.example.com");
    }
  }

  void ReadAuthMode() {
    if (!reader_.Optional("AUTH_MODE")) return;
    const absl::StatusOr<AuthMode> mode = AuthMode::Parse(reader_.List("AUTH_MODE"));
    if (mode.ok()) {
      config_.auth_mode = *mode;
    } else {
      reader_.Fault("AUTH_MODE", std::string(mode.status().message()), "jwt,session");
    }
  }

  void AddDefaults() {
    if (!has_descriptor_set_) {
      config_.descriptor_set = std::string(DefaultDescriptorSet());
      for (const std::string_view service : kDefaultServices) config_.upstreams.emplace(service, todo_address_);
      common::CheckTarget(reader_, config_.transport, "TODO_ADDRESS", todo_address_);
    } else if (config_.upstreams.empty()) {
      flag_faults_.push_back("--descriptor_set needs at least one --upstream=SERVICE=ADDRESS");
    }
  }

  common::ConfigReader reader_;
  Config config_;
  std::vector<std::string> flag_faults_;
  bool has_descriptor_set_ = false;
  std::string todo_address_;
};

}  // namespace

const char kUsage[] = R"(Serves annotated gRPC services as HTTP/JSON.

  http-gateway [--descriptor_set=FILE] [--upstream=pkg.Service=ADDRESS]... [COMMAND]

  --descriptor_set=FILE       what to serve: protoc --include_imports --descriptor_set_out=FILE. Default: the todo API
  --upstream=SERVICE=ADDRESS  where a service of it is; only services with an upstream are served. HOST:PORT, a list
                              IP:PORT,IP:PORT, dns:///NAME:PORT or unix:PATH: calls go to all addresses in turn
  --json=NAME,...             how services that say nothing of their JSON are written and read: proto_field_names,
                              emit_defaults, null_for_unset, ignore_unknown
  --expose_unannotated        serves methods without google.api.http too, at POST /pkg.Service/Method
  --later_route_wins          of two methods with one route the later one gets it; otherwise that is a fault

Commands; without one it serves:
  --check         prints the routes
  --check-config  checks flags, environment and descriptor set
  --healthcheck   asks the gateway that runs with this configuration whether it is alive
  --version, --help

Environment: HOST (127.0.0.1), PORT (8000), TODO_ADDRESS (127.0.0.1:50051), ALLOWED_ORIGINS (comma-separated origins),
AUTH_MODE (jwt | session | jwt,session: what may say who a user is; jwt), TRUSTED_PROXIES (comma-separated addresses and networks),
MAX_CONNECTIONS (open at a time, 4096; beyond, accepting waits),
TLS_CERTIFICATE_FILE and TLS_KEY_FILE (PEM; read again when they change; none),
GRPC_TLS_CERTIFICATE_FILE, GRPC_TLS_KEY_FILE and GRPC_TLS_CA_FILE (what the gateway shows to the upstreams, and who vouches for them;
PEM; read again when they change; none: plaintext), TODO_TLS_NAME (in the upstreams' certificates; the host of the address),
GATEWAY_ADMIN_PORT (of /metrics, /health and /readyz for operators; none) on ADMIN_HOST (127.0.0.1), DEBUG (false).
)";

Config LoadConfig(const std::vector<std::string>& arguments, common::ConfigReader::Environment environment) {
  return ConfigLoader(std::move(environment)).Load(arguments);
}

}  // namespace gateway
