#include "tools/mint-token/signer.h"

#include <exception>
#include <jwt/jwt.hpp>

#include "absl/strings/str_cat.h"

namespace mint {
namespace {

using Json = nlohmann::json;

absl::StatusOr<Json> Claims(const Options& options, absl::Time now) {
  Json claims = Json::object();
  if (!options.issuer.empty()) claims["iss"] = options.issuer;
  if (options.audience.size() == 1) claims["aud"] = options.audience.front();
  if (options.audience.size() > 1) claims["aud"] = options.audience;
  if (!options.subject.empty()) claims["sub"] = options.subject;
  claims["iat"] = absl::ToUnixSeconds(now);
  claims["exp"] = absl::ToUnixSeconds(now + absl::Seconds(options.expires_in_seconds));
  for (const auto& [name, text] : options.claims) {
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (value.is_discarded()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--claim ", name, " is no JSON; a text needs quotes, as in --claim '", name, "=\"text\"'"));
    }
    claims[name] = std::move(value);
  }
  return claims;
}

std::string Sign(const Options& options, const std::string& algorithm_name, const std::string& key,
                 const Json& claims) {
  using namespace jwt::params;  // NOLINT(google-build-using-namespace): cpp-jwt's parameters are found this way
  jwt::jwt_object object{algorithm(algorithm_name), secret(key)};
  for (const auto& [name, value] : claims.items()) object.add_claim(name, value);
  if (options.type.empty()) {
    object.header().remove_header("typ");
  } else {
    object.header().add_header("typ", options.type, /*overwrite=*/true);
  }
  if (options.key_id) object.header().add_header("kid", *options.key_id);
  return object.signature();
}

}  // namespace

absl::StatusOr<std::string> SignToken(const Options& options, const std::string& algorithm, const std::string& key,
                                      absl::Time now) {
  const absl::StatusOr<Json> claims = Claims(options, now);
  if (!claims.ok()) return claims.status();
  try {
    return Sign(options, algorithm, key, *claims);
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("cpp-jwt cannot sign this: ", error.what()));
  }
}

}  // namespace mint
