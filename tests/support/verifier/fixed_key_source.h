#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/verifier/key_source.h"
#include "tests/support/verifier/jwks_server.h"

namespace verifier::testing {

// Holds the keys it was given, and others that appear with the next lookup. Answers at once, or when it is told to. Not
// thread-safe.
class FixedKeySource : public KeySource {
 public:
  explicit FixedKeySource(const std::vector<std::string>& jwks) { Publish(jwks); }

  void Publish(const std::vector<std::string>& jwks) {
    current_ = std::make_shared<const KeySet>(*KeySet::Parse(KeySetOf(jwks), 32));
  }
  void Withdraw() { current_ = nullptr; }
  void PublishWithNextLookup(std::vector<std::string> jwks) { next_ = std::move(jwks); }
  void FailLookups() { lookup_ = Lookup::kUnavailable; }
  // Lets lookups wait until AnswerLookups().
  void HoldLookups() { is_held_ = true; }
  void AnswerLookups() {
    is_held_ = false;
    if (!next_.empty()) Publish(next_);
    for (const Callback& done : std::exchange(held_, {})) done(lookup_);
  }

  std::shared_ptr<const KeySet> Current() const override {
    ++reads_;
    return current_;
  }
  bool IsCurrent(const KeySet* keys) const override { return keys == current_.get(); }
  void LookUp(const std::string&, Callback done) override {
    ++lookups_;
    held_.push_back(std::move(done));
    if (!is_held_) AnswerLookups();
  }

  // How often a key was looked for.
  int lookups() const { return lookups_; }
  // How often the keys were read: once for each token that is checked with them.
  int reads() const { return reads_; }

 private:
  std::shared_ptr<const KeySet> current_;
  std::vector<std::string> next_;
  Lookup lookup_ = Lookup::kCurrent;
  bool is_held_ = false;
  std::vector<Callback> held_;
  int lookups_ = 0;
  mutable int reads_ = 0;
};

}  // namespace verifier::testing
