#include "common/grpc/certificate_watch.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "common/grpc/certificate.h"

namespace common {
namespace {

// As often as gRPC reads them.
constexpr auto kInterval = std::chrono::seconds(1);

std::string ContentOf(const TransportConfig& config) {
  std::string content;
  for (const std::string& path : {config.certificate_file, config.key_file, config.ca_file}) {
    std::ifstream file(path, std::ios::binary);
    content.append(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()).push_back('\0');
  }
  return content;
}

}  // namespace

CertificateWatch::CertificateWatch(TransportConfig config, Logger logger)
    : config_(std::move(config)), logger_(std::move(logger)) {
  if (config_.is_tls()) thread_ = std::thread([this] { Run(); });
}

CertificateWatch::~CertificateWatch() {
  {
    MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.NotifyAll();
  if (thread_.joinable()) thread_.join();
}

void CertificateWatch::Run() {
  std::string reported = ContentOf(config_);
  std::string last = reported;
  while (!IsStopping()) {
    std::string content = ContentOf(config_);
    const bool is_settled = content == last;
    if (is_settled && content != reported) {
      Report();
      reported = content;
    }
    last = std::move(content);
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

void CertificateWatch::Report() const {
  absl::Status status = CheckKey(config_.key_file, config_.certificate_file);
  if (status.ok()) status = CheckIssuer(config_.ca_file, config_.certificate_file);
  if (status.ok()) {
    return logger_.Info("certificate_reloaded", {{"outcome", "ok"}, {"file", config_.certificate_file}});
  }
  logger_.Error("certificate_not_reloaded",
                {{"outcome", "failed"}, {"reason", std::string(status.message())}, {"file", config_.certificate_file}});
}

}  // namespace common
