#include "services/todo/sync_token.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace todo {
namespace {

constexpr std::string_view kContext = "sync";

}  // namespace

bool IsExpired(const SyncPosition& position, const ChangeState& state) {
  // Who knew of nothing is told everything.
  if (position.began_at == 0) return false;
  return position.began_at != state.began_at || position.number > state.last_number ||
         state.now - position.known_at >= absl::ToInt64Microseconds(kChangeRetention);
}

std::string EncodeSyncToken(const TokenKey& key, std::string_view user_id, const SyncPosition& position) {
  return Seal(key, user_id, kContext, absl::StrCat(position.began_at, ",", position.number, ",", position.known_at));
}

std::optional<SyncPosition> DecodeSyncToken(const TokenKey& key, std::string_view user_id, std::string_view token) {
  const std::optional<std::string> content = Unseal(key, user_id, kContext, token);
  if (!content) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(*content, ',');
  SyncPosition position;
  const bool is_whole = parts.size() == 3 && absl::SimpleAtoi(parts[0], &position.began_at) &&
                        absl::SimpleAtoi(parts[1], &position.number) && absl::SimpleAtoi(parts[2], &position.known_at);
  if (!is_whole) return std::nullopt;
  return position;
}

}  // namespace todo
