#pragma once

#include <functional>
#include <memory>
#include <string>

#include "services/verifier/key_set.h"

namespace verifier {

// Where an issuer's keys come from. Thread-safe.
class KeySource {
 public:
  // What came of looking for a key that the current set does not have.
  enum class Lookup {
    kCurrent,      // The current set is newer than the question: look there again; what is not there does not exist.
    kUnavailable,  // It could not be found out.
  };
  using Callback = std::function<void(Lookup)>;

  virtual ~KeySource() = default;

  // The keys to use now; null where there are none that may still be used. Takes no lock that is held across I/O.
  virtual std::shared_ptr<const KeySet> Current() const = 0;
  // Whether these are the keys that Current() would give.
  virtual bool IsCurrent(const KeySet* keys) const { return Current().get() == keys; }

  // Finds out whether a key of this id has appeared since the current set was fetched. Calls `done` exactly once,
  // within a bounded time, from any thread and perhaps before this returns.
  virtual void LookUp(const std::string& key_id, Callback done) = 0;
};

}  // namespace verifier
