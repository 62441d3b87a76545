#include "services/verifier/verdict_log.h"

#include <string>

namespace verifier {
namespace {

std::string_view EventOf(auth::v1::RejectionReason reason) {
  switch (reason) {
    case auth::v1::REJECTION_REASON_EXPIRED:
      return "token_expired";
    case auth::v1::REJECTION_REASON_BAD_SIGNATURE:
      return "invalid_signature";
    case auth::v1::REJECTION_REASON_MISSING_CLAIM:
    case auth::v1::REJECTION_REASON_MISSING_SUBJECT:
      return "missing_claims";
    default:
      return "token_rejected";
  }
}

}  // namespace

void LogRejection(const common::Logger& logger, const Rejection& rejection, const Question& question) {
  const common::Logger::Fields fields = {
      {"outcome", "refused"},         {"reason", auth::v1::RejectionReason_Name(rejection.reason)},
      {"detail", rejection.detail},   {"kid", rejection.key_id},
      {"sub", rejection.subject},     {"route", question.route},
      {"peer", question.peer},        {"request_id", question.request_id},
      {"trace_id", question.trace_id}};
  // Every token expires: that is no cause for concern.
  if (rejection.reason == auth::v1::REJECTION_REASON_EXPIRED) return logger.Info(EventOf(rejection.reason), fields);
  logger.Warning(EventOf(rejection.reason), fields);
}

void LogUndecided(const common::Logger& logger, const absl::Status& status, const Question& question) {
  logger.Error("token_undecided", {{"outcome", "failed"},
                                   {"reason", std::string(status.message())},
                                   {"route", question.route},
                                   {"peer", question.peer},
                                   {"request_id", question.request_id},
                                   {"trace_id", question.trace_id}});
}

}  // namespace verifier
