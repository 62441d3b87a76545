#include "services/verifier/check_command.h"

#include <iterator>
#include <map>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/core/command_line.h"
#include "common/core/url.h"
#include "services/verifier/check.h"
#include "services/verifier/config.h"

namespace verifier {
namespace {

constexpr char kUsage[] = R"(usage: token-verifier check [--jwks URL] [--issuer ISSUER]... [--audience AUDIENCE]...
                            [--token -] [--format text|json]

Fetches each key set once and says which keys can be used, and why not the others; with --token - also which rule the
token on standard input fails, or until when it holds. Takes the configuration from the environment, as the server does;
flags win. With --jwks, issuer and audience are the URL's origin unless flags name them. Prints no secret and no part of the token.

  text    one line a finding: LEVEL ABOUT TEXT, where LEVEL is ok, warning or error
  json    {"exit_code":0,"findings":[{"level":"ok","about":"key_set","text":"..."}]}

Exit code: 0 no errors, 1 something is wrong, 2 the only errors are that something did not answer.
)";

constexpr size_t kMaxInput = size_t{64} * 1024;

struct Flags {
  std::string jwks;
  std::vector<std::string> issuers;
  std::vector<std::string> audiences;
  bool reads_token = false;
  bool json = false;
  bool help = false;
};

// Takes `--name value` and `--name=value`.
absl::StatusOr<Flags> ParseFlags(const std::vector<std::string>& arguments) {
  Flags flags;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const size_t equals = arguments[i].find('=');
    const std::string name = arguments[i].substr(0, equals);
    // Perhaps a token, which must not be printed.
    if (!absl::StartsWith(name, "--"))
      return absl::InvalidArgumentError(absl::StrCat("argument ", i + 1, " is no flag"));
    if (name == "--help") {
      flags.help = true;
      continue;
    }
    std::string value;
    if (equals != std::string::npos) {
      value = arguments[i].substr(equals + 1);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    }
    if (value.empty()) return absl::InvalidArgumentError(absl::StrCat(name, " needs a value, or is not known"));
    if (name == "--jwks") {
      flags.jwks = value;
    } else if (name == "--issuer") {
      flags.issuers.push_back(value);
    } else if (name == "--audience") {
      flags.audiences.push_back(value);
    } else if (name == "--format" && (value == "text" || value == "json")) {
      flags.json = value == "json";
    } else if (name == "--token" && value == "-") {
      flags.reads_token = true;
    } else if (name == "--token") {
      return absl::InvalidArgumentError(
          "--token takes only -, standard input: an argument could be seen by other users of this machine");
    } else {
      return absl::InvalidArgumentError(absl::StrCat(name, " is not known, or its value is not"));
    }
  }
  return flags;
}

// The environment as the flags change it, so that the server's own reading of it decides.
common::ConfigReader::Environment WithFlags(common::ConfigReader::Environment environment, const Flags& flags) {
  std::map<std::string, std::string> changes;
  if (!flags.jwks.empty()) {
    changes["BETTER_AUTH_JWKS_URL"] = flags.jwks;
    const absl::StatusOr<common::Url> url = common::Url::Parse(flags.jwks);
    if (url.ok()) changes["BETTER_AUTH_URL"] = url->Origin();
    changes["AUTH_MODE"] = "jwt";
    // None of these is meant for these keys.
    for (const char* name : {"TOKEN_ISSUERS", "TOKEN_AUDIENCES", "BETTER_AUTH_SECRET", "BETTER_AUTH_SECRET_FILE"}) {
      changes[name] = "";
    }
  }
  if (!flags.issuers.empty()) changes["TOKEN_ISSUERS"] = absl::StrJoin(flags.issuers, ",");
  if (!flags.audiences.empty()) changes["TOKEN_AUDIENCES"] = absl::StrJoin(flags.audiences, ",");
  return [environment = std::move(environment), changes](const std::string& name) -> std::optional<std::string> {
    const auto change = changes.find(name);
    return change == changes.end() ? environment(name) : change->second;
  };
}

// The token, without the white space and the `Bearer ` that it is often copied with.
std::string ReadToken(std::istream& in) {
  std::string text(kMaxInput, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  absl::string_view token = absl::StripAsciiWhitespace(text);
  if (absl::StartsWithIgnoreCase(token, "bearer ")) token = absl::StripAsciiWhitespace(token.substr(7));
  return std::string(token);
}

void Check(const Flags& flags, const common::ConfigReader::Environment& environment, std::istream& in,
           CheckReport& report) {
  common::ConfigReader reader(WithFlags(environment, flags));
  const Config config = ReadConfig(reader);
  for (const std::string& fault : reader.faults()) report.Add(CheckReport::Level::kError, "configuration", fault);
  if (!config.takes_jwt) {
    return report.Add(CheckReport::Level::kOk, "key_set", "is not used: AUTH_MODE is session");
  }
  // A fault elsewhere does not keep the key sets from being looked at.
  const FetchedKeySets key_sets = CheckKeySets(config, report);
  if (!flags.reads_token || config.issuers.empty()) return;
  const std::string token = ReadToken(in);
  if (token.empty()) return report.Add(CheckReport::Level::kError, "token", "standard input holds none");
  CheckToken(token, config, key_sets, absl::Now(), report);
}

}  // namespace

int RunCheckCommand(const std::vector<std::string>& arguments, const common::ConfigReader::Environment& environment,
                    const CommandStreams& streams) {
  const absl::StatusOr<Flags> flags = ParseFlags(arguments);
  if (!flags.ok()) {
    streams.err << "token-verifier check: " << flags.status().message() << "\n" << kUsage;
    return common::kExitConfiguration;
  }
  if (flags->help) {
    streams.out << kUsage;
    return 0;
  }
  CheckReport report;
  Check(*flags, environment, streams.in, report);
  flags->json ? report.WriteJson(streams.out) : report.WriteText(streams.out);
  return report.exit_code();
}

}  // namespace verifier
