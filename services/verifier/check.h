#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/verifier/check_report.h"
#include "services/verifier/config.h"
#include "services/verifier/key_set.h"

namespace verifier {

// The key sets of the configured issuers, in their order; null where one could not be had.
using FetchedKeySets = std::vector<std::shared_ptr<const KeySet>>;

// Fetches each key set once and says which of its keys the server would use, and why not the others. The same fetcher
// and the same reading of keys as the server's; a key set that comes too late for the server is waited for, 10 s at
// most. Blocks.
FetchedKeySets CheckKeySets(const Config& config, CheckReport& report);

// Says which rule the token fails, or until when it holds, as the server would decide at the instant `now`. No part of
// the token reaches the report. `key_sets` are those of `config`, which must take JWTs.
void CheckToken(std::string_view token, const Config& config, const FetchedKeySets& key_sets, absl::Time now,
                CheckReport& report);

}  // namespace verifier
