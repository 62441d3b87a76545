#include "common/grpc/certificate_watch.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/grpc/certificate.h"

namespace common {
namespace {

constexpr auto kInterval = std::chrono::seconds(1);

std::string ContentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

CertificateWatch::CertificateWatch(TransportConfig config, Logger logger)
    : config_(std::move(config)), logger_(std::move(logger)) {
  Content content = Read();
  const absl::Status status = TakeOver(content);
  if (!status.ok()) Report(status);
  thread_ = std::thread([this, content = std::move(content)]() mutable { Run(std::move(content)); });
}

CertificateWatch::~CertificateWatch() {
  {
    MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.NotifyAll();
  thread_.join();
}

CertificateWatch::Content CertificateWatch::Read() const {
  return {ContentOf(config_.certificate_file), ContentOf(config_.key_file), ContentOf(config_.ca_file)};
}

void CertificateWatch::Run(Content reported) {
  Content last = reported;
  while (!IsStopping()) {
    Content content = Read();
    const bool is_settled = content == last;
    last = std::move(content);
    if (!is_settled || last == reported) continue;
    absl::Status status = Check();
    // What was checked must be what is taken over.
    if (Read() != last) continue;
    if (status.ok()) status = TakeOver(last);
    Report(status);
    reported = last;
  }
}

// Waits until it is time to look again.
bool CertificateWatch::IsStopping() {
  const auto next = std::chrono::steady_clock::now() + kInterval;
  MutexLock lock(mutex_);
  while (!is_stopping_ && stopping_.WaitUntil(mutex_, next)) {
  }
  return is_stopping_;
}

absl::Status CertificateWatch::Check() const {
  const absl::Status status = CheckKey(config_.key_file, config_.certificate_file);
  return status.ok() ? CheckIssuer(config_.ca_file, config_.certificate_file) : status;
}

absl::Status CertificateWatch::TakeOver(const Content& content) {
  // The authorities first: they may have to vouch for what others already show.
  const absl::Status status = authorities_.Replace(content.authorities);
  return status.ok() ? identity_.Replace(absl::StrCat(content.certificate, "\n", content.key)) : status;
}

void CertificateWatch::Report(const absl::Status& status) const {
  if (status.ok()) {
    return logger_.Info("certificate_reloaded", {{"outcome", "ok"}, {"file", config_.certificate_file}});
  }
  logger_.Error("certificate_not_reloaded",
                {{"outcome", "failed"}, {"reason", std::string(status.message())}, {"file", config_.certificate_file}});
}

}  // namespace common
