#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/core/mutex.h"
#include "common/core/sha256.h"

namespace common {

// Keeps values by the digest of what they were made from. Bounded in entries and in bytes; values that were not
// used for long go first. Values are immutable and shared, so one that is dropped lives on where it is in use.
//
// Thread-safe: in shards, each with a lock that is held for a lookup alone. A value that is found is moved to the front
// only where a quarter of the shard has come in since it was there last: what is used often then stays where it is, and
// threads on several cores do not take the list from each other.
template <typename Value>
class LruCache {
 public:
  // `max_entries` 0 keeps nothing. The bounds are spread over the shards evenly.
  LruCache(size_t max_entries, size_t max_bytes)
      : max_entries_((max_entries + kShards - 1) / kShards), max_bytes_(max_bytes / kShards) {}

  // Null where there is none.
  std::shared_ptr<const Value> Find(const Sha256Digest& key) {
    Shard& shard = ShardOf(key);
    MutexLock lock(shard.mutex);
    const auto found = shard.index.find(key);
    if (found == shard.index.end()) return nullptr;
    Entry& entry = *found->second;
    if (shard.inserted - entry.moved_at > shard.entries.size() / 4) {
      shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
      entry.moved_at = shard.inserted;
    }
    return entry.value;
  }

  // Replaces what is there under `key`. `bytes` is what the value takes; one that is larger than a shard is not kept.
  void Insert(const Sha256Digest& key, std::shared_ptr<const Value> value, size_t bytes) {
    bytes += kOverheadBytes;
    if (max_entries_ == 0 || bytes > max_bytes_) return;
    Shard& shard = ShardOf(key);
    std::list<Entry> dropped;  // destroyed after the lock was let go
    MutexLock lock(shard.mutex);
    Remove(shard, key, dropped);
    shard.entries.push_front({key, std::move(value), bytes, ++shard.inserted});
    shard.index.emplace(key, shard.entries.begin());
    shard.bytes += bytes;
    while (shard.entries.size() > max_entries_ || shard.bytes > max_bytes_) {
      Remove(shard, shard.entries.back().key, dropped);
    }
  }

  void Erase(const Sha256Digest& key) {
    Shard& shard = ShardOf(key);
    std::list<Entry> dropped;
    MutexLock lock(shard.mutex);
    Remove(shard, key, dropped);
  }

 private:
  static constexpr size_t kShards = 16;
  // What an entry takes beside its value.
  static constexpr size_t kOverheadBytes = 160;

  struct Entry {
    Sha256Digest key;
    std::shared_ptr<const Value> value;
    size_t bytes;
    // The shard's `inserted` when this came to the front.
    uint64_t moved_at;
  };

  struct alignas(64) Shard {
    Mutex mutex;
    std::list<Entry> entries GUARDED_BY(mutex);
    absl::flat_hash_map<Sha256Digest, typename std::list<Entry>::iterator> index GUARDED_BY(mutex);
    size_t bytes GUARDED_BY(mutex) = 0;
    uint64_t inserted GUARDED_BY(mutex) = 0;
  };

  // The index hashes the digest's first bytes.
  Shard& ShardOf(const Sha256Digest& key) { return shards_[key.bytes.back() % kShards]; }

  static void Remove(Shard& shard, const Sha256Digest& key, std::list<Entry>& dropped) REQUIRES(shard.mutex) {
    const auto found = shard.index.find(key);
    if (found == shard.index.end()) return;
    const auto entry = found->second;
    shard.bytes -= entry->bytes;
    shard.index.erase(found);
    dropped.splice(dropped.begin(), shard.entries, entry);
  }

  const size_t max_entries_;
  const size_t max_bytes_;
  std::array<Shard, kShards> shards_;
};

}  // namespace common
