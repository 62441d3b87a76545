#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/verifier/key_source.h"
#include "tests/support/verifier/jwks_server.h"

namespace verifier::testing {

// Holds the keys it was given, and others that appear with the next lookup. Answers at once. Not thread-safe.
class FixedKeySource : public KeySource {
 public:
  explicit FixedKeySource(const std::vector<std::string>& jwks) { Publish(jwks); }

  void Publish(const std::vector<std::string>& jwks) {
    current_ = std::make_shared<const KeySet>(*KeySet::Parse(KeySetOf(jwks), 32));
  }
  void Withdraw() { current_ = nullptr; }
  void PublishWithNextLookup(std::vector<std::string> jwks) { next_ = std::move(jwks); }
  void FailLookups() { lookup_ = Lookup::kUnavailable; }

  std::shared_ptr<const KeySet> Current() const override { return current_; }
  void LookUp(const std::string&, Callback done) override {
    ++lookups_;
    if (!next_.empty()) Publish(next_);
    done(lookup_);
  }

  // How often a key was looked for.
  int lookups() const { return lookups_; }

 private:
  std::shared_ptr<const KeySet> current_;
  std::vector<std::string> next_;
  Lookup lookup_ = Lookup::kCurrent;
  int lookups_ = 0;
};

}  // namespace verifier::testing
