// Page and sync tokens, as they come back from a client. The first byte chooses what the rest is: a token of the
// client's own making, a change of one of ours, the content of one, or the query that one is made for.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "services/todo/page_token.h"
#include "services/todo/sync_token.h"
#include "tests/fuzz/require.h"

namespace {

constexpr todo::TokenKey kKey = {1, 2, 3};
constexpr char kTask[] = "0190b1a8-6f5e-7cc3-9d0a-000000000001";

std::string OurToken() { return todo::EncodePageToken(kKey, "ada", {}, {"2024-05-01T10:00:00.123456Z", kTask}); }

// Nobody can make one without the key.
void TryForged(std::string_view token) {
  Require(!todo::DecodePageToken(kKey, "ada", {}, token).ok(), "a token that we did not make opens no page");
  Require(!todo::DecodeSyncToken(kKey, "ada", token).has_value(), "a token that we did not make is no position");
}

// `edit` is laid over the bytes of a token of ours, or over its text.
void TryEdited(std::string_view edit, bool is_of_text) {
  const std::string token = OurToken();
  std::string edited = token;
  if (!is_of_text) Require(absl::WebSafeBase64Unescape(token, &edited), "a token is base64url");
  for (size_t i = 0; i < edit.size() && i < edited.size(); ++i) edited[i] = static_cast<char>(edited[i] ^ edit[i]);
  if (edit.size() > edited.size()) edited += edit.substr(edited.size());
  const std::string sent = is_of_text ? edited : absl::WebSafeBase64Escape(edited);
  Require(todo::DecodePageToken(kKey, "ada", {}, sent).ok() == (sent == token),
          "a token opens its page exactly where not a bit of it was changed");
}

// Whatever stands in a token, the cursor comes back as it was.
void TryContent(std::string_view value) {
  const todo::TaskListCursor cursor = {std::string(value), kTask};
  const std::string token = todo::EncodePageToken(kKey, "ada", {}, cursor);
  const auto decoded = todo::DecodePageToken(kKey, "ada", {}, token);
  Require(decoded.ok() && decoded->sort_value == cursor.sort_value && decoded->task_id == cursor.task_id,
          "a cursor survives its token");
  Require(!todo::DecodePageToken(kKey, "bob", {}, token).ok(), "a token is its user's own");
  Require(!todo::DecodeSyncToken(kKey, "ada", token).has_value(), "a page token is no sync token");
  // What a sync token holds is read by a parser of its own.
  const auto position = todo::DecodeSyncToken(kKey, "ada", todo::Seal(kKey, "ada", "sync", value));
  if (!position) return;
  const auto again = todo::DecodeSyncToken(kKey, "ada", todo::EncodeSyncToken(kKey, "ada", *position));
  Require(again && again->began_at == position->began_at && again->number == position->number &&
              again->known_at == position->known_at,
          "a position survives its token");
}

// Splits `text` at NUL into the texts of a query: where they end must not matter to anything but the query itself.
todo::TaskListQuery QueryOf(std::string_view text) {
  todo::TaskListQuery query;
  const std::array<std::string*, 5> fields = {&query.list_id, &query.search, &query.due_before, &query.due_after,
                                              &query.time_zone};
  for (std::string* field : fields) {
    const size_t end = std::min(text.find('\0'), text.size());
    *field = std::string(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!text.empty()) {
    const size_t end = std::min(text.find('\0'), text.size());
    query.tags.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return query;
}

bool AreSame(const todo::TaskListQuery& a, const todo::TaskListQuery& b) {
  return a.list_id == b.list_id && a.search == b.search && a.due_before == b.due_before && a.due_after == b.due_after &&
         a.time_zone == b.time_zone && a.tags == b.tags;
}

// The two halves are two queries: the token of one is good for the other exactly where they are the same.
void TryQueries(std::string_view text) {
  const todo::TaskListQuery one = QueryOf(text.substr(0, text.size() / 2));
  const todo::TaskListQuery other = QueryOf(text.substr(text.size() / 2));
  const std::string token = todo::EncodePageToken(kKey, "ada", one, {std::nullopt, kTask});
  Require(todo::DecodePageToken(kKey, "ada", one, token).ok(), "a token is good for its query");
  Require(todo::DecodePageToken(kKey, "ada", other, token).ok() == AreSame(one, other),
          "a token is good for no other query");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      TryForged(rest);
      break;
    case 1:
      TryEdited(rest, false);
      break;
    case 2:
      TryEdited(rest, true);
      break;
    case 3:
      TryContent(rest);
      break;
    default:
      TryQueries(rest);
  }
  return 0;
}
