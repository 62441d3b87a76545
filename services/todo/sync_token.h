#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "services/todo/sealed_token.h"

namespace todo {

// How long changes can be told, and how long the trash keeps what is deleted.
inline constexpr absl::Duration kChangeRetention = absl::Hours(24 * 30);

// What a client knows of a user's changes. A value.
struct SyncPosition {
  // Which count of changes `number` belongs to: a user who removes everything begins a new one. 0 where the user had
  // nothing at all.
  int64_t began_at = 0;
  // The number of the last change that is known.
  int64_t number = 0;
  // When everything up to there was known last, in microseconds since the epoch; the database's clock.
  int64_t known_at = 0;
};

// What the database says of a user's changes.
struct ChangeState {
  int64_t began_at = 0;
  int64_t last_number = 0;
  int64_t now = 0;
};

// Whether what has changed since `position` can no longer be told: it is older than 30 days, or the count is another
// one.
bool IsExpired(const SyncPosition& position, const ChangeState& state);

// A sync token, and the id of an event, is a sealed position.
std::string EncodeSyncToken(const TokenKey& key, std::string_view user_id, const SyncPosition& position);
// Nothing for anything but a token that EncodeSyncToken() made with the same key and user.
std::optional<SyncPosition> DecodeSyncToken(const TokenKey& key, std::string_view user_id, std::string_view token);

}  // namespace todo
