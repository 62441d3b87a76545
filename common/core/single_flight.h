#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/core/mutex.h"
#include "common/core/sha256.h"

namespace common {

// Lets work that several ask for at once be done once: the first does it, and all get its result.
//
// Thread-safe; no callback runs under a lock.
template <typename Result>
class SingleFlight {
 public:
  using Callback = std::function<void(const Result&)>;

  // `done` gets the result of `key`. True where nobody is at it: then the caller must do the work and Land() it.
  [[nodiscard]] bool Join(const Sha256Digest& key, Callback done) {
    Shard& shard = ShardOf(key);
    MutexLock lock(shard.mutex);
    const auto [waiting, is_first] = shard.waiting.try_emplace(key);
    waiting->second.push_back(std::move(done));
    return is_first;
  }

  // Gives the result to all who joined; who joins from now on begins anew.
  void Land(const Sha256Digest& key, const Result& result) {
    std::vector<Callback> callbacks;
    {
      Shard& shard = ShardOf(key);
      MutexLock lock(shard.mutex);
      const auto found = shard.waiting.find(key);
      if (found == shard.waiting.end()) return;
      callbacks = std::move(found->second);
      shard.waiting.erase(found);
    }
    for (const Callback& done : callbacks) done(result);
  }

 private:
  static constexpr size_t kShards = 16;

  struct alignas(64) Shard {
    Mutex mutex;
    absl::flat_hash_map<Sha256Digest, std::vector<Callback>> waiting GUARDED_BY(mutex);
  };

  Shard& ShardOf(const Sha256Digest& key) { return shards_[key.bytes.back() % kShards]; }

  std::array<Shard, kShards> shards_;
};

}  // namespace common
