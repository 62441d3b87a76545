#pragma once

#include <string>
#include <thread>

#include "common/core/logger.h"
#include "common/core/memory_file.h"
#include "common/core/mutex.h"
#include "common/grpc/transport_config.h"

namespace common {

// The certificate, key and authorities of a TransportConfig with TLS, as gRPC is to read them: taken over from the
// files whenever these change and can be used, all three at once, so that gRPC never sees a key beside another key's
// certificate. What cannot be used is not taken over. The log says which it was. Looks each second, on a thread of its
// own; what was still being written when it looked is looked at again. Thread-safe.
class CertificateWatch {
 public:
  // `config` has TLS, and was read without a fault.
  CertificateWatch(TransportConfig config, Logger logger);
  ~CertificateWatch();

  // PEM: the chain and then its key.
  const std::string& identity_path() const { return identity_.path(); }
  const std::string& authorities_path() const { return authorities_.path(); }

 private:
  struct Content {
    std::string certificate;
    std::string key;
    std::string authorities;
    bool operator==(const Content&) const = default;
  };

  Content Read() const;
  void Run(Content reported);
  bool IsStopping();
  absl::Status Check() const;
  absl::Status TakeOver(const Content& content);
  void Report(const absl::Status& status) const;

  const TransportConfig config_;
  const Logger logger_;
  MemoryFile identity_;
  MemoryFile authorities_;
  Mutex mutex_;
  CondVar stopping_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace common
