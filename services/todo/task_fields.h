#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/grpc/error.h"
#include "todo/v1/task.pb.h"

namespace todo {

// The faults of one request, so that its sender sees all of them at once; at most 1,000 of them.
class FieldViolations {
 public:
  // Fields that are added within its scope stand under a path, such as `tasks[3].`.
  class Scope {
   public:
    Scope(FieldViolations& violations, std::string path) : violations_(violations), outer_(violations.path_) {
      violations.path_ = outer_ + path;
    }
    ~Scope() { violations_.path_ = outer_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    FieldViolations& violations_;
    const std::string outer_;
  };

  void Add(std::string_view field, std::string_view description) {
    if (violations_.size() == kMost) return;
    violations_.push_back({path_ + std::string(field), std::string(description)});
  }
  // OK, or INVALID_ARGUMENT with every violation.
  absl::Status ToStatus() const { return violations_.empty() ? absl::OkStatus() : common::InvalidFields(violations_); }

 private:
  static constexpr size_t kMost = 1000;

  std::string path_;
  std::vector<common::FieldViolation> violations_;
};

// The rules of single fields, as the protos state them. Each adds what is wrong to `violations`, under the field's
// name, and answers the value to go on with, which means nothing where a violation was added.

// The owner: 1 to 255 characters without NUL.
void CheckUserId(const std::string& user_id, FieldViolations& violations);

// A UUID; the answer is in lower case. `field` is what it is called.
std::string CheckUuid(const std::string& id, std::string_view field, FieldViolations& violations);

// 1 to 255 Unicode characters after trimming, without control characters; the answer is trimmed.
std::string CheckTitle(const std::string& title, std::string_view field, FieldViolations& violations);

// At most 2,000 Unicode characters, without NUL.
std::string CheckDescription(const std::string& description, FieldViolations& violations);

// A day that exists, `YYYY-MM-DD`, of the years 1 to 9999.
std::string CheckDay(const std::string& day, std::string_view field, FieldViolations& violations);

// `HH:MM`, from 00:00 to 23:59.
std::string CheckTimeOfDay(const std::string& time, FieldViolations& violations);

// What can be the name of a time zone; whether there is such a zone only the database knows.
std::string CheckTimeZone(const std::string& time_zone, FieldViolations& violations);

// A known priority or unspecified.
v1::Priority CheckPriority(v1::Priority priority, FieldViolations& violations);

// 1 to 50 Unicode characters after trimming, without control characters; the answer is trimmed.
std::string CheckTag(const std::string& tag, std::string_view field, FieldViolations& violations);

// At most 20 different tags; the answer has each once.
std::vector<std::string> CheckTags(const google::protobuf::RepeatedPtrField<std::string>& tags,
                                   FieldViolations& violations);

// An order key; nothing where it is empty.
std::optional<std::string> CheckPosition(const std::string& position, FieldViolations& violations);

// Visible ASCII, 1 to 255 characters; nothing where it is empty.
std::optional<std::string> CheckIdempotencyKey(const std::string& key, FieldViolations& violations);

// Text that a stored etag can be compared with; nothing where it is empty.
std::optional<std::string> CheckEtag(const std::string& etag, FieldViolations& violations);

}  // namespace todo
