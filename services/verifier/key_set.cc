#include "services/verifier/key_set.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/json/json_document.h"

namespace verifier {
namespace {

using simdjson::dom::element;

std::string KeyIdForReport(element key) {
  std::string_view key_id;
  if (key["kid"].get(key_id) != simdjson::SUCCESS) return "";
  return std::string(key_id);
}

}  // namespace

absl::StatusOr<KeySet> KeySet::Parse(std::string_view text, size_t max_keys, Algorithm rsa_algorithm) {
  const absl::StatusOr<json::Document> document = json::Document::Parse(text);
  if (!document.ok()) return absl::InvalidArgumentError(absl::StrCat("the key set ", document.status().message()));
  simdjson::dom::array entries;
  if (document->root()["keys"].get(entries) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("the key set is not an object with an array `keys`");
  }
  if (entries.size() > max_keys) {
    return absl::InvalidArgumentError(
        absl::StrCat("the key set has ", entries.size(), " keys; at most ", max_keys, " are taken"));
  }
  KeySet set;
  for (const element entry : entries) {
    absl::StatusOr<Jwk> key = ParseJwk(entry, rsa_algorithm);
    if (key.ok() && key->key_id && !set.index_by_id_.try_emplace(*key->key_id, set.keys_.size()).second) {
      key = absl::InvalidArgumentError("another key has the same `kid`");
    }
    if (key.ok()) {
      set.keys_.push_back(*std::move(key));
    } else {
      set.skipped_.push_back({KeyIdForReport(entry), std::string(key.status().message())});
    }
  }
  return set;
}

const Jwk* KeySet::Find(const std::optional<std::string>& key_id, Algorithm algorithm) const {
  if (key_id) {
    const auto entry = index_by_id_.find(*key_id);
    return entry == index_by_id_.end() ? nullptr : &keys_[entry->second];
  }
  const auto matches = [&](const Jwk& key) { return key.public_key.algorithm() == algorithm; };
  const auto found = std::find_if(keys_.begin(), keys_.end(), matches);
  if (found == keys_.end() || std::any_of(found + 1, keys_.end(), matches)) return nullptr;
  return &*found;
}

}  // namespace verifier
