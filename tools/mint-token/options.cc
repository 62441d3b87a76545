#include "tools/mint-token/options.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace mint {
namespace {

absl::Status Wrong(const std::string& message) { return absl::InvalidArgumentError(message); }

// Those that may stand more than once.
bool IsRepeatable(const std::string& flag) { return flag == "--audience" || flag == "--claim"; }

absl::Status AddClaim(const std::string& value, Options& options) {
  const size_t equals = value.find('=');
  if (equals == 0 || equals == std::string::npos) return Wrong("--claim is not NAME=JSON, as in --claim admin=true");
  std::string name = value.substr(0, equals);
  if (std::any_of(options.claims.begin(), options.claims.end(),
                  [&](const auto& claim) { return claim.first == name; })) {
    return Wrong(absl::StrCat("--claim ", name, " is given twice"));
  }
  options.claims.emplace_back(std::move(name), value.substr(equals + 1));
  return absl::OkStatus();
}

absl::Status SetExpiry(const std::string& value, Options& options) {
  if (absl::SimpleAtoi(value, &options.expires_in_seconds)) return absl::OkStatus();
  return Wrong("--expires-in is no whole number of seconds, as in --expires-in 900");
}

absl::Status Apply(const std::string& flag, const std::string& value, Options& options) {
  const std::map<std::string, std::string*> texts = {{"--key", &options.key_path},
                                                     {"--secret-file", &options.secret_path},
                                                     {"--secret-env", &options.secret_variable},
                                                     {"--algorithm", &options.algorithm},
                                                     {"--issuer", &options.issuer},
                                                     {"--subject", &options.subject},
                                                     {"--typ", &options.type}};
  const auto text = texts.find(flag);
  if (text != texts.end()) {
    // An empty claim or `typ` is something to try; an empty name of a key is a mistake.
    if (value.empty() && flag != "--typ" && flag != "--subject") return Wrong(absl::StrCat(flag, " is empty"));
    *text->second = value;
  } else if (flag == "--audience") {
    options.audience.push_back(value);
  } else if (flag == "--kid") {
    options.key_id = value;
  } else if (flag == "--claim") {
    return AddClaim(value, options);
  } else if (flag == "--expires-in") {
    return SetExpiry(value, options);
  } else {
    return Wrong(absl::StrCat(flag, " is not known"));
  }
  return absl::OkStatus();
}

absl::Status CheckAlgorithm(const Options& options) {
  static const std::set<std::string> kOfKeys = {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"};
  const std::string& algorithm = options.algorithm;
  if (options.key_path.empty()) {
    if (algorithm.empty() || algorithm == "HS256") return absl::OkStatus();
    return Wrong("a secret signs with HS256 and nothing else; --key names a key");
  }
  if (algorithm.empty() || kOfKeys.count(algorithm) == 1) return absl::OkStatus();
  if (algorithm == "EdDSA" || algorithm == "Ed25519" || absl::StartsWith(algorithm, "PS")) {
    return Wrong(
        absl::StrCat("cpp-jwt cannot sign with ", algorithm, "; it can with RS256, RS384, RS512, ES256, ES384, ES512"));
  }
  if (absl::StartsWith(algorithm, "HS"))
    return Wrong("--algorithm HS256 takes --secret-file or --secret-env, and no --key");
  return Wrong("--algorithm is none of RS256, RS384, RS512, ES256, ES384, ES512, HS256");
}

absl::Status CheckWhole(const Options& options) {
  const int keys = !options.key_path.empty() + !options.secret_path.empty() + !options.secret_variable.empty();
  if (keys != 1)
    return Wrong("exactly one of --key, --secret-file and --secret-env is needed: there is no default key");
  if (absl::Status status = CheckAlgorithm(options); !status.ok()) return status;
  if (!options.prints_key_set) return absl::OkStatus();
  if (options.key_path.empty()) return Wrong("--print-key-set takes --key: a secret has no public part");
  return absl::OkStatus();
}

}  // namespace

const char kUsage[] =
    R"(Signs a token for a local try, with a key that you give it. A developer's tool: it checks nothing about who asks, and
belongs on no production machine.

  mint-token (--key FILE|- | --secret-file FILE | --secret-env NAME) [FLAG VALUE]...

  --key FILE            a private key in PEM without a passphrase; - is standard input
  --secret-file FILE    an HS256 secret of at least 32 characters; --secret-env NAME takes it from a variable
  --algorithm ALG       RS256 RS384 RS512 ES256 ES384 ES512 HS256. Default: the key's own. cpp-jwt, which signs, knows
                        neither EdDSA nor PS256, PS384, PS512
  --issuer ISS  --subject SUB  --audience AUD      --audience may be repeated
  --expires-in SECONDS  from now, negative for one that has expired. Default: 900
  --claim NAME=JSON     any other claim, or another value for one of these; may be repeated
  --kid KID  --typ TYP  of the header. Default: no kid; JWT. An empty --typ leaves it out
  --print-key-set       prints the public part of --key as a JWK Set, for the verifier to fetch, and no token
  --help

Values may also be given as --flag=value. Prints the token. Exit code: 0, or 1 with what is wrong on standard error.
)";

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  std::set<std::string> seen;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!absl::StartsWith(arguments[i], "--")) return Wrong(absl::StrCat("argument ", i + 1, " is no flag"));
    const size_t equals = arguments[i].find('=');
    const std::string flag = arguments[i].substr(0, equals);
    if (!seen.insert(flag).second && !IsRepeatable(flag)) return Wrong(absl::StrCat(flag, " is given twice"));
    if (flag == "--help" || flag == "--print-key-set") {
      if (equals != std::string::npos) return Wrong(absl::StrCat(flag, " takes no value"));
      (flag == "--help" ? options.help : options.prints_key_set) = true;
      continue;
    }
    const bool has_own_value = equals != std::string::npos;
    if (!has_own_value && i + 1 == arguments.size())
      return Wrong(absl::StrCat(flag, " is not known, or misses its value"));
    const std::string value = has_own_value ? arguments[i].substr(equals + 1) : arguments[++i];
    if (absl::Status status = Apply(flag, value, options); !status.ok()) return status;
  }
  if (options.help) return options;
  if (absl::Status status = CheckWhole(options); !status.ok()) return status;
  return options;
}

}  // namespace mint
