#include "services/verifier/jwk.h"

#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/core/sha256.h"
#include "services/verifier/base64url.h"

namespace verifier {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

absl::Status Unusable(std::string_view why) {
  return absl::InvalidArgumentError(absl::string_view(why.data(), why.size()));
}

bool Has(object jwk, std::string_view name) { return jwk[name].error() == simdjson::SUCCESS; }

// A member that must be a string where it is present.
absl::StatusOr<std::optional<std::string_view>> Text(object jwk, std::string_view name) {
  element member;
  if (jwk[name].get(member) != simdjson::SUCCESS) return std::optional<std::string_view>();
  std::string_view text;
  if (member.get(text) != simdjson::SUCCESS) {
    return Unusable(absl::StrCat("`", absl::string_view(name.data(), name.size()), "` is not a string"));
  }
  return std::optional<std::string_view>(text);
}

absl::StatusOr<std::string> Base64UrlMember(object jwk, std::string_view name) {
  const absl::string_view label(name.data(), name.size());
  absl::StatusOr<std::optional<std::string_view>> text = Text(jwk, name);
  if (!text.ok()) return text.status();
  if (!*text) return Unusable(absl::StrCat("`", label, "` is missing"));
  std::optional<std::string> bytes = DecodeBase64Url(**text);
  if (!bytes || bytes->empty()) return Unusable(absl::StrCat("`", label, "` is not base64url"));
  return *std::move(bytes);
}

absl::Status CheckPurpose(object jwk) {
  for (const std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
    if (Has(jwk, name)) return Unusable("it holds private or symmetric key material");
  }
  absl::StatusOr<std::optional<std::string_view>> use = Text(jwk, "use");
  if (!use.ok()) return use.status();
  if (*use && **use != "sig") return Unusable("`use` is not `sig`");
  element operations;
  if (jwk["key_ops"].get(operations) != simdjson::SUCCESS) return absl::OkStatus();
  array list;
  if (operations.get(list) != simdjson::SUCCESS) return Unusable("`key_ops` is not an array");
  for (const element operation : list) {
    std::string_view name;
    if (operation.get(name) == simdjson::SUCCESS && name == "verify") return absl::OkStatus();
  }
  return Unusable("`key_ops` does not hold `verify`");
}

bool IsRsa(Algorithm algorithm) { return algorithm >= Algorithm::kRs256 && algorithm <= Algorithm::kPs512; }

// The algorithm that a key of this type is for where `alg` is absent, and those that `alg` may name.
struct Family {
  Algorithm default_algorithm;
  bool (*fits)(Algorithm);
};

absl::StatusOr<Family> FamilyOf(std::string_view key_type, std::string_view curve, Algorithm rsa_algorithm) {
  if (key_type == "RSA") {
    return Family{rsa_algorithm, IsRsa};
  }
  if (key_type == "OKP" && curve == "Ed25519") {
    return Family{Algorithm::kEdDsa, [](Algorithm a) { return a == Algorithm::kEdDsa; }};
  }
  if (key_type == "EC" && curve == "P-256") {
    return Family{Algorithm::kEs256, [](Algorithm a) { return a == Algorithm::kEs256; }};
  }
  if (key_type == "EC" && curve == "P-384") {
    return Family{Algorithm::kEs384, [](Algorithm a) { return a == Algorithm::kEs384; }};
  }
  if (key_type == "EC" && curve == "P-521") {
    return Family{Algorithm::kEs512, [](Algorithm a) { return a == Algorithm::kEs512; }};
  }
  return Unusable("`kty` and `crv` name no supported kind of public key");
}

absl::StatusOr<Algorithm> AlgorithmOf(object jwk, Algorithm rsa_algorithm) {
  absl::StatusOr<std::optional<std::string_view>> key_type = Text(jwk, "kty");
  if (!key_type.ok()) return key_type.status();
  absl::StatusOr<std::optional<std::string_view>> curve = Text(jwk, "crv");
  if (!curve.ok()) return curve.status();
  absl::StatusOr<std::optional<std::string_view>> name = Text(jwk, "alg");
  if (!name.ok()) return name.status();
  const absl::StatusOr<Family> family = FamilyOf(key_type->value_or(""), curve->value_or(""), rsa_algorithm);
  if (!family.ok()) return family.status();
  if (!*name) return family->default_algorithm;
  const std::optional<Algorithm> algorithm = ParseAlgorithm(**name);
  if (!algorithm || !family->fits(*algorithm)) return Unusable("`alg` does not fit `kty` and `crv`");
  return *algorithm;
}

absl::StatusOr<PublicKey> ReadPublicKey(object jwk, Algorithm algorithm) {
  const bool is_rsa = IsRsa(algorithm);
  absl::StatusOr<std::string> first = Base64UrlMember(jwk, is_rsa ? "n" : "x");
  if (!first.ok()) return first.status();
  if (algorithm == Algorithm::kEdDsa) return PublicKey::FromEd25519(*first);
  absl::StatusOr<std::string> second = Base64UrlMember(jwk, is_rsa ? "e" : "y");
  if (!second.ok()) return second.status();
  return is_rsa ? PublicKey::FromRsa(algorithm, *first, *second) : PublicKey::FromEc(algorithm, *first, *second);
}

// The members that make a key, in the order of RFC 7638 section 3.2.
std::vector<std::string_view> ThumbprintMembers(Algorithm algorithm) {
  if (IsRsa(algorithm)) return {"e", "kty", "n"};
  if (algorithm == Algorithm::kEdDsa) return {"crv", "kty", "x"};
  return {"crv", "kty", "x", "y"};
}

// Of a key whose members were read: nothing in them needs an escape.
std::string Thumbprint(object jwk, Algorithm algorithm) {
  std::string json;
  for (const std::string_view name : ThumbprintMembers(algorithm)) {
    json.append(json.empty() ? "{\"" : ",\"").append(name).append("\":\"").append(**Text(jwk, name)).append("\"");
  }
  const common::Sha256Digest digest = common::Sha256(json + "}");
  return absl::WebSafeBase64Escape({reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()});
}

}  // namespace

absl::StatusOr<Jwk> ParseJwk(element value, Algorithm rsa_algorithm) {
  object jwk;
  if (value.get(jwk) != simdjson::SUCCESS) return Unusable("it is not a JSON object");
  absl::StatusOr<std::optional<std::string_view>> key_id = Text(jwk, "kid");
  if (!key_id.ok()) return key_id.status();
  if (absl::Status status = CheckPurpose(jwk); !status.ok()) return status;
  const absl::StatusOr<Algorithm> algorithm = AlgorithmOf(jwk, rsa_algorithm);
  if (!algorithm.ok()) return algorithm.status();
  absl::StatusOr<PublicKey> public_key = ReadPublicKey(jwk, *algorithm);
  if (!public_key.ok()) return public_key.status();
  std::optional<std::string> id;
  if (*key_id) id = std::string(**key_id);
  return Jwk{.key_id = std::move(id), .public_key = *std::move(public_key), .thumbprint = Thumbprint(jwk, *algorithm)};
}

}  // namespace verifier
